using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate.RegularExpressions;

namespace GitOpsSecrets.Providers.Values;

/// <summary>From which namespaces a ClusterSecretStore may be used.</summary>
public static class StoreConditions
{
    /// <summary>Any selector, name or expression of any condition will do; without conditions all may.</summary>
    /// <param name="labels">Of the namespace; null when they are not known.</param>
    /// <exception cref="ValuesException">An expression that is none.</exception>
    public static bool Admit(IReadOnlyList<NamespaceCondition>? conditions, string @namespace, Func<IReadOnlyDictionary<string, string>?> labels)
    {
        if (conditions is null or { Count: 0 }) return true;
        ArgumentNullException.ThrowIfNull(labels);
        var known = conditions.Any(condition => condition.NamespaceSelector is not null) ? labels() : null;
        return conditions.Any(condition =>
            (condition.NamespaceSelector is { } selector && known is not null && LabelMatch.Matches(selector, known))
            || condition.Namespaces?.Contains(@namespace, StringComparer.Ordinal) == true
            || condition.NamespaceRegexes?.Any(expression => IsMatch(expression, @namespace)) == true);
    }

    private static bool IsMatch(string expression, string @namespace)
    {
        if (!Re2.TryParse(expression, out var parsed, out var problem)) throw new ValuesException($"could not compile regex in spec.conditions: {problem}");
        return parsed.IsMatch(@namespace);
    }
}
