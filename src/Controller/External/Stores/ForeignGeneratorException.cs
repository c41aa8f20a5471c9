namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>A generator of another controller: what it is for is left to that one.</summary>
internal sealed class ForeignGeneratorException(string kind, string name, string @class) : Exception($"error using generator: {kind} \"{name}\" is for the controller of class \"{@class}\" (spec.controller)");
