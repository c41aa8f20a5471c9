using System.Collections.Frozen;
using GitOpsSecrets.GoTemplate.Functions;

namespace GitOpsSecrets.GoTemplate;

/// <summary>A set of functions templates may call. Calling any other is a parse error.</summary>
public sealed class TemplateFunctions
{
    private TemplateFunctions(params IEnumerable<GoFunction> functions) => Table = functions.ToFrozenDictionary(function => function.Name);

    /// <summary>What External Secrets Operator offers: sprig without environment and DNS, and its own.</summary>
    public static TemplateFunctions ExternalSecrets { get; } = new([.. Builtins.All, .. SprigFunctions.All, .. SprigFunctions.ExternalSecrets]);

    /// <summary>What SealedSecrets offer: sprig 3.3 without environment and DNS.</summary>
    public static TemplateFunctions SealedSecrets { get; } = new([.. Builtins.All, .. SprigFunctions.All, .. SprigFunctions.Released]);

    /// <summary>The names, for completion and documentation.</summary>
    public IReadOnlyCollection<string> Names => Table.Keys;

    internal FrozenDictionary<string, GoFunction> Table { get; }

    /// <summary>These and <paramref name="more"/>, which win where a name is there twice.</summary>
    internal TemplateFunctions With(IReadOnlyCollection<GoFunction> more) =>
        new(Table.Values.Where(function => more.All(other => other.Name != function.Name)).Concat(more));
}
