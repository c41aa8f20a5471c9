using System.Text;
using CsCheck;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Tests;

public sealed class PropertyTests
{
    private static readonly string[] Pieces =
    [
        "{{", "}}", "{{-", "-}}", " ", "\n", ".", ".a", "$", "$x", ":=", "=", "|", "(", ")", ",", "\"", "\"a\"", "`", "'", "'a'", "1", "0x", "1e9", "1i", "+", "-",
        "if", "else", "end", "range", "with", "define", "block", "template", "break", "continue", "nil", "true", "/*", "*/", "print", "list", "dict", "upper",
        "toJson", "index", "é", "\u0001", "💥",
    ];

    private static readonly Gen<string> Templates = Gen.Select(OneOf(Pieces).Array[0, 30], pieces => string.Concat(pieces));

    [Fact]
    public void Parsing_fails_by_TemplateException_or_not_at_all() => Gen.OneOf(Templates, Gen.String).Sample(
        text =>
        {
            try
            {
                Template.Parse("t", text, new TemplateOptions());
            }
            catch (TemplateException e)
            {
                return e.Kind == TemplateErrorKind.Parse && e.Line >= 1;
            }

            return true;
        },
        iter: 20_000);

    [Fact]
    public void Execution_fails_by_TemplateException_or_not_at_all() => Gen.Select(OneOf([.. TemplateFunctions.ExternalSecrets.Names.Where(IsCheap)]), Arguments).Sample(
        (name, arguments) =>
        {
            try
            {
                var template = Template.Parse("t", $"{{{{ {name} {string.Join(' ', arguments)} }}}}", new TemplateOptions());
                template.Execute(GoMap.OfSecrets([]), Patience.With(new ExecuteLimits { MaxSteps = 100_000 }), CancellationToken.None);
            }
            catch (TemplateException e)
            {
                return e.Line == 1;
            }

            return true;
        },
        iter: 5_000);

    [Fact]
    public void Quoted_text_reads_back_the_same() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        var quoted = Render("{{.v | printf \"%q\"}}", bytes);
        return Render($"{{{{{Encoding.UTF8.GetString(quoted)}}}}}", []).AsSpan().SequenceEqual(bytes);
    });

    private static Gen<string[]> Arguments => OneOf(
        "1", "-1", "0", "3.5", "9223372036854775807", "\"\"", "\"a\"", "\"é\\xff\"", "\"1.2.3\"", "nil", "true", "(list)", "(list 1 \"a\" nil)", "(dict)", "(dict \"a\" 1)",
        "now", "(int64 5)", "(until 3)", "(splitList \",\" \"a,b\")", ".", "1i", "\"[a-z]+(\"", "\"{\\\"a\\\":[1]}\"", "\"2006-01-02\"", "(genCAWithKey \"a\" 1 \"x\")").Array[0, 5];

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static bool IsCheap(string name) => !name.StartsWith("gen", StringComparison.Ordinal) && name is not ("bcrypt" or "htpasswd" or "derivePassword");

    private static byte[] Render(string template, byte[] value) =>
        Template.Parse("t", template, new TemplateOptions()).Execute(GoMap.OfSecrets([new("v", value)]), Patience.Options, CancellationToken.None);
}
