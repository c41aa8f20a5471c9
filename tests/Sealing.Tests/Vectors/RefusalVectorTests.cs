using System.Text.Json;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;

namespace GitOpsSecrets.Sealing.Tests.Vectors;

/// <summary>What the original refuses is refused here, in its words and with a kind of its own.</summary>
public sealed class RefusalVectorTests
{
    public static TheoryData<string, UnsealFailureKind> Kinds() => new()
    {
        { "33-neg-tampered-tag", UnsealFailureKind.Tampered },
        { "34-neg-tampered-body", UnsealFailureKind.Tampered },
        { "35-neg-tampered-rsa", UnsealFailureKind.NoKeyMatches },
        { "36-neg-tampered-length", UnsealFailureKind.NoKeyMatches },
        { "37-neg-length-past-end", UnsealFailureKind.Malformed },
        { "38-neg-truncated-tail", UnsealFailureKind.Tampered },
        { "39-neg-truncated-1-byte", UnsealFailureKind.Malformed },
        { "40-neg-empty-ciphertext", UnsealFailureKind.Malformed },
        { "41-neg-wrong-name", UnsealFailureKind.WrongName },
        { "42-neg-wrong-namespace", UnsealFailureKind.WrongName },
        { "43-neg-namespace-wide-moved", UnsealFailureKind.WrongName },
        { "44-neg-scope-annotation-removed", UnsealFailureKind.WrongScope },
        { "45-neg-scope-widened", UnsealFailureKind.WrongScope },
        { "46-neg-wrong-key", UnsealFailureKind.NoKeyMatches },
        { "47-neg-bad-base64", UnsealFailureKind.Malformed },
        { "48-neg-one-good-two-bad", UnsealFailureKind.Malformed },
        { "49-neg-template-env-forbidden", UnsealFailureKind.TemplateUnsupported },
        { "50-neg-template-syntax-error", UnsealFailureKind.TemplateUnsupported },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_refusal_has_the_original_words_and_its_own_kind(string id, UnsealFailureKind kind)
    {
        var vector = VectorSet.Case(id);
        using var ring = VectorSet.Ring(vector.Keys);
        var sealedSecret = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        Assert.Equal(kind, result.Failure?.Kind);
        if (kind == UnsealFailureKind.TemplateUnsupported) return;
        Assert.Equal(vector.Text("recovery_stderr"), $"error: {result.Failure?.Message}\n");
        Assert.All(result.Failure!.Items.Values, item => Assert.NotEqual("", item.Explanation));
    }

    [Fact]
    public void Every_negative_vector_has_its_kind_in_the_table() =>
        Assert.Equal(
            VectorSet.All.Where(c => c.Kind == "unseal-negative").Select(c => c.Id).Order(),
            Kinds().Select(row => row.Data.Item1).Order());

    [Theory]
    [InlineData("51-neg-seal-expired-cert", SealingFailureKind.ExpiredCertificate)]
    [InlineData("52-neg-seal-ec-cert", SealingFailureKind.UnsupportedKey)]
    [InlineData("53-neg-seal-key-not-cert", SealingFailureKind.NoCertificate)]
    [InlineData("56-neg-seal-no-name", SealingFailureKind.MissingName)]
    public void What_cannot_be_sealed_is_refused(string id, SealingFailureKind kind)
    {
        var vector = VectorSet.Case(id);
        var failure = Seal(vector);

        Assert.Equal(kind, failure?.Kind);
        var words = vector.Text("seal_stderr");
        // The original prints a pointer and two coordinates after these words.
        if (kind == SealingFailureKind.UnsupportedKey) Assert.StartsWith("error: expected RSA public key but found ", $"error: {failure}", StringComparison.Ordinal);
        else Assert.Equal(words, $"error: {failure}\n");
    }

    private static SealingFailure? Seal(VectorCase vector)
    {
        var pem = File.ReadAllText(Path.Combine(VectorSet.Root, vector.SealArguments[1]));
        if (!SealingCertificate.TryLoad(pem, out var certificate, out var failure)) return failure;
        var secret = YamlReader.Read(vector.File("input_secret")).Deserialize(ApiJson.Compact.Secret)!;
        var now = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        return certificate.CheckExpiry(now) ?? Sealer.Seal(secret, certificate, hint: false).Failure;
    }
}
