using GitOpsSecrets.Sops.Documents;
using GitOpsSecrets.Sops.Documents.Yaml;

namespace GitOpsSecrets.Sops.Tests.Documents;

/// <summary>go-yaml v3's typing of plain scalars: the MAC depends on it.</summary>
public sealed class YamlScalarTypeTests
{
    [Theory]
    [InlineData("", ScalarKind.Null, "")]
    [InlineData("~", ScalarKind.Null, "")]
    [InlineData("NULL", ScalarKind.Null, "")]
    [InlineData("nULL", ScalarKind.Text, "nULL")]
    [InlineData("True", ScalarKind.Boolean, "True")]
    [InlineData("tRue", ScalarKind.Text, "tRue")]
    [InlineData("yes", ScalarKind.Text, "yes")]
    [InlineData("on", ScalarKind.Text, "on")]
    [InlineData("0", ScalarKind.Whole, "0")]
    [InlineData("-0", ScalarKind.Whole, "0")]
    [InlineData("+12", ScalarKind.Whole, "12")]
    [InlineData("1_000", ScalarKind.Whole, "1000")]
    [InlineData("0755", ScalarKind.Whole, "493")]
    [InlineData("0o17", ScalarKind.Whole, "15")]
    [InlineData("0x1F", ScalarKind.Whole, "31")]
    [InlineData("-0x1f", ScalarKind.Whole, "-31")]
    [InlineData("0b101", ScalarKind.Whole, "5")]
    [InlineData("0x", ScalarKind.Text, "0x")]
    [InlineData("08", ScalarKind.Real, "8")]
    [InlineData("9223372036854775807", ScalarKind.Whole, "9223372036854775807")]
    [InlineData("-9223372036854775808", ScalarKind.Whole, "-9223372036854775808")]
    [InlineData("18446744073709551616", ScalarKind.Real, "18446744073709552000")]
    [InlineData("3.14", ScalarKind.Real, "3.14")]
    [InlineData("1.", ScalarKind.Real, "1")]
    [InlineData(".5", ScalarKind.Real, "0.5")]
    [InlineData("-.5e1", ScalarKind.Real, "-5")]
    [InlineData("6.02e23", ScalarKind.Real, "602000000000000000000000")]
    [InlineData("1.5e-9", ScalarKind.Real, "0.0000000015")]
    [InlineData("1e400", ScalarKind.Text, "1e400")]
    [InlineData("1e3", ScalarKind.Real, "1000")]
    [InlineData(".inf", ScalarKind.Real, "+Inf")]
    [InlineData("-.INF", ScalarKind.Real, "-Inf")]
    [InlineData(".NaN", ScalarKind.Real, "NaN")]
    [InlineData("1.2.3", ScalarKind.Text, "1.2.3")]
    [InlineData("10.0.0.1", ScalarKind.Text, "10.0.0.1")]
    [InlineData("1:30", ScalarKind.Text, "1:30")]
    [InlineData("2024-02-29", ScalarKind.Time, "2024-02-29T00:00:00Z")]
    [InlineData("2024-2-9", ScalarKind.Time, "2024-02-09T00:00:00Z")]
    [InlineData("2023-02-29", ScalarKind.Text, "2023-02-29")]
    [InlineData("2024-02-29 1:2:3.500", ScalarKind.Time, "2024-02-29T01:02:03.5Z")]
    [InlineData("2024-02-29T12:34:56.789+02:00", ScalarKind.Time, "2024-02-29T12:34:56.789+02:00")]
    [InlineData("2024-02-29t12:34:56+00:00", ScalarKind.Time, "2024-02-29T12:34:56Z")]
    [InlineData("2024-02-29T12:34:56", ScalarKind.Text, "2024-02-29T12:34:56")]
    [InlineData("-", ScalarKind.Text, "-")]
    [InlineData("<<", ScalarKind.Text, "<<")]
    public void A_plain_scalar_has_the_type_and_canonical_form_that_go_yaml_gives_it(string text, ScalarKind kind, string canonical)
    {
        var scalar = YamlScalarType.Resolve(text)!;
        Assert.Equal((kind, canonical), (scalar.Kind, scalar.GetText()));
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551615")]
    [InlineData("0xFFFFFFFFFFFFFFFF")]
    public void A_number_beyond_64_bits_signed_has_no_form(string text) => Assert.Null(YamlScalarType.Resolve(text));
}
