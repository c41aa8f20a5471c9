using System.Collections.Frozen;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>
/// A function or bound method. The executor checks arguments against the parameter types before the body runs,
/// so a body takes its arguments for what the signature says they are.
/// </summary>
internal sealed class GoFunction
{
    private static readonly FrozenDictionary<string, GoType> Types = new Dictionary<string, GoType>
    {
        ["any"] = GoType.Any,
        ["value"] = GoType.ReflectValue,
        ["bool"] = GoType.Bool,
        ["int"] = GoType.Int,
        ["uint32"] = GoType.Uint32,
        ["float64"] = GoType.Float64,
        ["string"] = GoType.String,
        ["list"] = GoType.AnyList,
        ["map"] = GoType.AnyMap,
        ["bytes"] = GoType.Bytes,
        ["time"] = GoType.Time,
        ["duration"] = GoType.Duration,
        ["location"] = GoType.Location,
        ["version"] = GoType.Version,
        ["cert"] = GoType.Certificate,
        ["hash"] = GoType.HashAlgorithm,
    }.ToFrozenDictionary();

    private readonly GoType[] parameters;
    private readonly Func<Call, GoValue> body;

    /// <param name="name">As templates call it.</param>
    /// <param name="signature">Parameter types, e.g. <c>"int, ...any"</c>.</param>
    /// <param name="body">Throws <see cref="FunctionException"/> where Go's returns an error or panics.</param>
    public GoFunction(string name, string signature, Func<Call, GoValue> body)
    {
        Name = name;
        this.body = body;
        var words = signature.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        IsVariadic = words.Length > 0 && words[^1].StartsWith("...", StringComparison.Ordinal);
        parameters = [.. words.Select(word => Types[word.TrimStart('.')])];
        FixedCount = IsVariadic ? parameters.Length - 1 : parameters.Length;
    }

    public string Name { get; }

    public bool IsVariadic { get; }

    public int FixedCount { get; }

    /// <summary>For <c>and</c> and <c>or</c>: the truth at which they stop.</summary>
    public bool? Stop { get; init; }

    /// <summary>Why templates cannot call it at all (two results of which the second is no error).</summary>
    public string? InvalidSignature { get; init; }

    public GoType ParameterType(int index) => parameters[Math.Min(index, parameters.Length - 1)];

    public GoValue Invoke(Call call) => body(call);
}
