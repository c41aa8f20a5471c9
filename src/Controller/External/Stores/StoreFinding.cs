namespace GitOpsSecrets.Controller.External.Stores;

/// <summary>What looking at a store came to.</summary>
/// <param name="IsReady">Whether it may be used.</param>
/// <param name="Reason">Of the condition.</param>
/// <param name="Message">The original's words.</param>
/// <param name="Cause">What is the matter; empty when nothing is.</param>
/// <param name="Capability"><c>status.capabilities</c>; null when the provider is not known.</param>
internal sealed record StoreFinding(bool IsReady, string Reason, string Message, string Cause, string? Capability)
{
    public const string Valid = "Valid";
    public const string ValidationUnknown = "ValidationUnknown";
    public const string InvalidProviderConfig = "InvalidProviderConfig";

    public const string Validated = "store validated";
    public const string Undetermined = "could not determine validation status";
    public const string NoClient = "unable to create client";
    public const string NotValid = "unable to validate store";

    public string FullMessage => Cause.Length == 0 ? Message : $"{Message}: {Cause}";
}
