using System.Text;
using GitOpsSecrets.GoTemplate.Rendering;

namespace GitOpsSecrets.GoTemplate.Tests.Vectors;

public sealed class ScopeVectorTests
{
    [Theory]
    [InlineData("KeysAndValues")]
    [InlineData("Values")]
    public void Rendered_scopes_give_what_External_Secrets_gives(string scope)
    {
        var cases = VectorFiles.Cases.Where(vector => vector.Scope == scope).ToList();
        Assert.NotEmpty(cases);
        var failures = cases.Select(Compare).OfType<string>().ToList();
        Assert.Equal("", string.Join('\n', failures));
    }

    private static string? Compare(VectorCase vector)
    {
        Dictionary<string, byte[]> result;
        try
        {
            result = Render(vector);
        }
        catch (Exception e) when (e is TemplateException or TemplateResultException)
        {
            return CompareError(vector, e);
        }

        if (vector.Error is not null)
        {
            return $"{vector.Id} gave a result, the original fails: {vector.Error}";
        }

        var expected = (vector.Result ?? []).ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value));
        foreach (var (key, value) in vector.ResultBase64 ?? [])
        {
            expected[key] = Convert.FromBase64String(value);
        }

        return Shown(expected) == Shown(result) ? null : $"{vector.Id}\n  gave {Shown(result)}\n  want {Shown(expected)}";
    }

    private static Dictionary<string, byte[]> Render(VectorCase vector)
    {
        var isWhole = vector.Scope == "KeysAndValues";
        var options = new TemplateOptions { MissingKey = MissingKey.Error };
        var template = Template.Parse(isWhole ? vector.Template : vector.Name, vector.Template, options);
        var rendered = template.Execute(VectorData.Of(vector), Patience.Options, CancellationToken.None);
        var values = isWhole ? KeysAndValuesText.Parse(rendered) : new Dictionary<string, byte[]> { [vector.Name] = rendered };
        return values.ToDictionary(entry => entry.Key, entry => RenderedValue.Decode(vector.Decoding ?? "", entry.Key, entry.Value));
    }

    private static string? CompareError(VectorCase vector, Exception error)
    {
        var prefix = vector.ErrorPrefix ?? vector.Error ?? "\0";

        // The scope's caller wraps what the engine says; here the engine is asked alone.
        var matches = error is TemplateException ? prefix.EndsWith(error.Message, StringComparison.Ordinal) : error.Message.StartsWith(prefix, StringComparison.Ordinal);
        return matches ? null : $"{vector.Id}\n  failed {error.Message}\n  want   {prefix}";
    }

    private static string Shown(Dictionary<string, byte[]> values) =>
        string.Join(";", values.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={Convert.ToHexString(entry.Value)}"));
}
