using System.Text;

namespace GitOpsSecrets.GoTemplate.Tests.Vectors;

public sealed class GoVectorTests
{
    public static TheoryData<string> Categories => [.. VectorFiles.Cases.Select(vector => vector.Category).Distinct()];

    [Theory]
    [MemberData(nameof(Categories))]
    public void Templates_give_what_Go_gives(string category)
    {
        var failures = VectorFiles.Cases
            .Where(vector => vector.Category == category && vector.Scope is null && !KnownDifferences.Reasons.ContainsKey(vector.Id))
            .Select(Compare)
            .Where(failure => failure is not null)
            .ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} differ:\n{string.Join('\n', failures)}");
    }

    [Fact]
    public void Every_known_difference_is_still_one()
    {
        var matching = VectorFiles.Cases.Where(vector => vector.Scope is null && KnownDifferences.Reasons.ContainsKey(vector.Id) && Compare(vector) is null);
        Assert.Empty(matching.Select(vector => vector.Id));
    }

    private static string? Compare(VectorCase vector)
    {
        byte[] output;
        try
        {
            output = Render(vector);
        }
        catch (TemplateException e)
        {
            return CompareError(vector, e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return $"{vector.Id} THREW {e}";
        }

        if (vector.Error is not null)
        {
            return $"{vector.Id} {Shown(vector.Template)} gave {Shown(output)}, Go fails: {Shown(vector.Error)}";
        }

        var expected = vector.OutputBase64 is null ? Encoding.UTF8.GetBytes(vector.Output!) : Convert.FromBase64String(vector.OutputBase64);
        var matches = vector.OutputEmbedsLibraryMessage.ValueKind == System.Text.Json.JsonValueKind.True
            ? BeforeMessage(output) == BeforeMessage(expected)
            : output.AsSpan().SequenceEqual(expected);
        return matches ? null : $"{vector.Id} {Shown(vector.Template)}\n    gave {Shown(output)}\n    Go   {Shown(expected)}";
    }

    private static byte[] Render(VectorCase vector)
    {
        var options = new TemplateOptions
        {
            LeftDelimiter = vector.LeftDelim ?? "{{",
            RightDelimiter = vector.RightDelim ?? "}}",
            MissingKey = vector.MissingKey == "default" ? MissingKey.Default : MissingKey.Error,
        };
        return Template.Parse(vector.Name, vector.Template, options).Execute(VectorData.Of(vector), Patience.Options, CancellationToken.None);
    }

    private static string? CompareError(VectorCase vector, TemplateException error)
    {
        if (vector.Error is null)
        {
            return $"{vector.Id} {Shown(vector.Template)} failed: {Shown(error.Message)}";
        }

        var kind = error.Kind == TemplateErrorKind.Parse ? "parse" : "exec";
        var matches = kind == vector.ErrorKind && vector.ErrorMatch switch
        {
            "exact" => error.Message == vector.Error,
            "prefix" => error.Message.StartsWith(vector.ErrorPrefix!, StringComparison.Ordinal),
            _ => true,
        };
        return matches ? null : $"{vector.Id} {Shown(vector.Template)}\n    failed {error.Kind} {Shown(error.Message)}\n    Go     {vector.ErrorKind} {Shown(vector.ErrorPrefix ?? vector.Error)}";
    }

    private static string BeforeMessage(byte[] output) => Encoding.UTF8.GetString(output).Split("yaml:", 2)[0];

    private static string Shown(byte[] bytes) => Shown(Encoding.UTF8.GetString(bytes));

    private static string Shown(string text) => (text.Length > 400 ? text[..400] + "…" : text).Replace("\n", "\\n", StringComparison.Ordinal);
}
