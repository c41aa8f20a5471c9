using System.Globalization;
using System.Text;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.RegularExpressions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.Controller.External.Push;

/// <summary>Names of items made into names at a store. Pure.</summary>
internal static class PushKeys
{
    // As the original has it: else _UA_, as in a name of a country, would be an escape.
    private const int FewestDigits = 4;
    private const int MostDigits = 5;
    private static readonly TemplateOptions Templates = new() { Functions = TemplateFunctions.ExternalSecrets };

    /// <summary><c>conversionStrategy</c>: each key as it is, or with <c>_U002f_</c> undone.</summary>
    /// <exception cref="PushException">Two keys become one.</exception>
    public static IReadOnlyList<(string From, string To)> Convert(IEnumerable<string> keys, string? strategy)
    {
        if (strategy != ConversionStrategy.ReverseUnicode) return [.. keys.Select(key => (key, key))];
        var converted = keys.Select(key => (From: key, To: Reverse(key))).ToList();
        var twice = converted.GroupBy(key => key.To, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        return twice is null ? converted : throw new PushException($"secret name collision during conversion: {twice.Key}");
    }

    /// <exception cref="PushException">An expression or template is none.</exception>
    public static string Rewrite(string key, IEnumerable<PushSecretRewrite> rewrites, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var rewrite in rewrites)
        {
            if (rewrite.Regexp is { } regexp) key = Replace(key, regexp);
            else if (rewrite.Transform is { } transform) key = Render(key, transform.Template, time, cancellationToken);
        }
        return key;
    }

    /// <exception cref="PushException">The expression is none.</exception>
    public static bool Matches(string? expression, string key)
    {
        if (string.IsNullOrEmpty(expression)) return true;
        return Parse(expression, "match.regexp").IsMatch(key);
    }

    private static string Replace(string key, RewriteRegexp regexp)
    {
        try
        {
            return Parse(regexp.Source, "rewrite.regexp.source").ReplaceAll(key, regexp.Target);
        }
        catch (Re2LimitException exceeded)
        {
            throw new PushException($"rewrite.regexp: {exceeded.Message}");
        }
    }

    private static Re2 Parse(string expression, string field) => Re2.TryParse(expression, out var parsed, out var problem) ? parsed : throw new PushException($"{field}: {problem}");

    private static string Render(string key, string template, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var data = GoMap.OfSecrets([new("value", Encoding.UTF8.GetBytes(key))]);
            return Encoding.UTF8.GetString(Template.Parse("rewrite.transform", template, Templates).Execute(data, new ExecuteOptions { Time = time }, cancellationToken));
        }
        catch (TemplateException failure)
        {
            // Its only data is a key, which is no secret.
            throw new PushException($"rewrite.transform: {failure.Message}");
        }
    }

    /// <summary><c>_U</c>, four or five hexadecimal digits, <c>_</c>.</summary>
    private static string Reverse(string key)
    {
        var text = new StringBuilder(key.Length);
        for (var i = 0; i < key.Length; i++)
        {
            var end = i + 2 <= key.Length && key[i] == '_' && key[i + 1] == 'U' ? key.IndexOf('_', i + 2) : -1;
            if (end >= i + 2 + FewestDigits && end <= i + 2 + MostDigits
                && int.TryParse(key.AsSpan(i + 2, end - i - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code))
            {
                text.Append(new Rune(code));
                i = end;
            }
            else
            {
                text.Append(key[i]);
            }
        }
        return text.ToString();
    }
}
