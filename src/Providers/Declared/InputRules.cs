using System.Globalization;
using System.Text.Json;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>What can be wrong with a store of a definition as written: pure.</summary>
/// <param name="root">Where the store's fields are, such as <c>spec.provider.doppler</c>.</param>
internal sealed class InputRules(Definition definition, string root, StoreDescription store)
{
    private const int LongestTimeout = 600;

    public IReadOnlyList<string> Problems()
    {
        if (store.Options.ValueKind != JsonValueKind.Object) return [$"{root} must be an object"];
        return [.. definition.Inputs.SelectMany(ProblemsOf).Distinct(), .. UnsupportedProblems(), .. AuthorityProblems(), .. LoginProblems()];
    }

    private string[] ProblemsOf(InputRule input) => Guarded(() =>
    {
        var path = $"{root}.{input.Field}";
        switch (input.Kind)
        {
            case InputKind.Secret:
                var secret = StoreFields.Secret(store.Options, input.Field);
                return secret is null ? Required(input, path) : [.. SelectorRules.Problems(store, path, secret, input.Key ?? input.DefaultKey)];
            case InputKind.ServiceAccount:
                var account = StoreFields.ServiceAccount(store.Options, input.Field);
                return account is null ? Required(input, path) : [.. SelectorRules.Problems(store, path, account)];
            case InputKind.Either:
                var (value, reference) = Either(input);
                if (reference is not null) return [.. SelectorRules.Problems(store, path + ".secretRef", reference, input.DefaultKey)];
                return string.IsNullOrEmpty(value) ? Required(input, path) : [];
            case InputKind.List:
                return StoreFields.Texts(store.Options, input.Field).Count > 0 ? [] : Required(input, path);
            case InputKind.Ordered:
                return StoreFields.Ordered(store.Options, input.Field).Count > 0 ? [] : Required(input, path);
            default:
                return TextProblems(input, path);
        }
    });

    /// <summary>How long a call may take; null for the default.</summary>
    public static TimeSpan? TimeoutOf(Definition definition, JsonElement options)
    {
        var input = definition.Inputs.FirstOrDefault(input => input.Name == definition.Timeout);
        return input is not null && Seconds(StoreFields.Text(options, input.Field)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static int? Seconds(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestTimeout ? seconds : null;

    private string[] TextProblems(InputRule input, string path)
    {
        var text = StoreFields.Text(store.Options, input.Field);
        if (string.IsNullOrEmpty(text)) return Required(input, path);
        if (input.Name == definition.Timeout && Seconds(text) is null) return [$"{path} must be a number of seconds from 1 to {LongestTimeout}"];
        if (input.Name == definition.KeySeparator && (text.Length != 1 || !char.IsAscii(text[0]))) return [$"{path} must be one ASCII character"];
        if (input.IsUpper) text = text.ToUpperInvariant();
        if (input.Allowed.Count > 0 && !input.Allowed.Contains(text)) return [$"{path} must be one of {string.Join(", ", input.Allowed)}"];
        var isServer = definition.Server.Single?.Name == input.Name;
        return !isServer || (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") ? [] : [$"{path} is not an http or https address"];
    }

    private (string? Value, SecretKeySelector? Reference) Either(InputRule input) =>
        (StoreFields.Text(store.Options, input.Field + ".value"), StoreFields.Secret(store.Options, input.Field + ".secretRef"));

    private static string[] Required(InputRule input, string path) => input.IsRequired && input.Default is null ? [$"{path} is required"] : [];

    private IEnumerable<string> UnsupportedProblems() => definition.Unsupported.SelectMany(field => Guarded(() =>
        StoreFields.At(store.Options, field.Key) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.False) } ? [$"{root}.{field.Key} is not supported yet: {field.Value}"] : []));

    private string[] AuthorityProblems() => definition.Authority is not null ? [] : Guarded(() =>
    {
        // Read, so that what is no reference is told.
        _ = StoreFields.Authority(store.Options);
        if (definition.AuthorityAt is { } place) _ = StoreFields.Authority(store.Options, place + ".");
        return [];
    });

    private string[] LoginProblems()
    {
        if (definition.Logins.Count == 0) return [];
        return Guarded(() =>
        {
            using var known = Known(definition, store.Options);
            if (definition.Logins.Any(login => login.Condition.Holds(known))) return [];
            var ways = definition.Logins.Where(login => login.Condition.When.Count > 0).Select(login => string.Join(" with ", login.Condition.When.Select(FieldOf)));
            return [$"{root} has no way to log in: one is needed of {string.Join(", ", ways)}"];
        });
    }

    /// <summary>Which inputs there are; of those that are no texts of the store, not what they hold. The caller's to dispose.</summary>
    /// <param name="without">Taken as if it were not there; null for none.</param>
    public static Variables Known(Definition definition, JsonElement options, InputRule? without = null)
    {
        var known = new Variables();
        foreach (var input in definition.Inputs) known.Set(input.Name, input != without && IsThere(input, options) ? StoreTextOrMark(input, options) : input.Default);
        return known;
    }

    public static bool IsThere(InputRule input, JsonElement options) => StoreFields.At(options, input.Field).ValueKind != JsonValueKind.Undefined;

    private static string StoreTextOrMark(InputRule input, JsonElement options) => input.Kind == InputKind.Field ? StoreFields.Text(options, input.Field) ?? "" : "there";

    private string FieldOf(string name) => definition.Inputs.FirstOrDefault(input => input.Name == name)?.Field ?? name;

    private string[] Guarded(Func<string[]> findings)
    {
        try
        {
            return findings();
        }
        catch (ProviderException failure)
        {
            return [$"{root}.{failure.Message}"];
        }
    }
}
