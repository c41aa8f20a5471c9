using System.Text;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.RegularExpressions;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.Providers.Values;

/// <summary>
/// <c>rewrite.regexp</c> and <c>rewrite.transform</c>: other names for the same values. Where two keys become one, the last in order of the old keys wins;
/// in the original chance decides. What they give is the caller's to dispose; what they get stays.
/// </summary>
internal static class KeyRewriting
{
    private static readonly TemplateOptions Templates = new() { Functions = TemplateFunctions.ExternalSecrets };

    /// <exception cref="ValuesException">The expression is none, or the time is up.</exception>
    public static SecretValues Regexp(SecretValues values, string source, string target, RewriteLimits limits)
    {
        if (!Re2.TryParse(source, out var expression, out var problem)) throw new ValuesException($"rewrite.regexp.source: {problem}");
        return Rename(values, key =>
        {
            limits.Next();
            try
            {
                return expression.ReplaceAll(key, target);
            }
            catch (Re2LimitException exceeded)
            {
                throw new ValuesException($"rewrite.regexp: {exceeded.Message}");
            }
        });
    }

    /// <exception cref="ValuesException">The template does not parse or fails on a key.</exception>
    public static SecretValues Transform(SecretValues values, string template, RewriteLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var parsed = Template.Parse("rewrite.transform", template, Templates);
            return Rename(values, key => Encoding.UTF8.GetString(parsed.Execute(Dot(key), limits.Next(), cancellationToken)));
        }
        catch (TemplateException failure)
        {
            // Where the time is up, that is the message: the same at every attempt.
            limits.Next();
            // Its only data is a key, which is no secret.
            throw new ValuesException($"rewrite.transform: {failure.Message}");
        }
    }

    private static GoMap Dot(string key) => GoMap.OfSecrets([new("value", Encoding.UTF8.GetBytes(key))]);

    private static SecretValues Rename(SecretValues values, Func<string, string> rename)
    {
        var renamed = new SecretValues();
        try
        {
            foreach (var (key, value) in values.Entries) renamed.Set(rename(key), [.. value]);
            return renamed;
        }
        catch
        {
            renamed.Dispose();
            throw;
        }
    }
}
