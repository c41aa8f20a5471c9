using System.Text.Json;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing.Tests.Vectors;

public sealed class OpeningVectorTests
{
    public static TheoryData<string, string> Positive()
    {
        var data = new TheoryData<string, string>();
        foreach (var row in VectorSet.Ids("seal", "unseal", "unseal-v1", "raw"))
        {
            data.Add(row, Backends.OpenSsl);
            data.Add(row, Backends.BouncyCastle);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Positive))]
    public void What_the_original_sealed_opens_to_what_it_sealed(string id, string backend)
    {
        var vector = VectorSet.Case(id);
        using var ring = VectorSet.Ring(Backends.Of(backend), vector.Keys);
        var sealedSecret = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        if (sealedSecret.Spec.Template?.Data is { Count: > 0 })
        {
            Assert.Equal(UnsealFailureKind.TemplateUnsupported, result.Failure?.Kind);
            return;
        }
        Assert.True(result.Succeeded, result.Failure?.Explanation);
        Assert.Equal(vector.Expected(), result.Opened.Secret.Data!.ToDictionary(e => e.Key, e => e.Value!));
    }

    public static TheoryData<string> Negative() => VectorSet.Ids("unseal-negative");

    [Theory]
    [MemberData(nameof(Negative))]
    public void What_the_original_refuses_is_refused_in_its_words(string id)
    {
        var vector = VectorSet.Case(id);
        using var ring = VectorSet.Ring(vector.Keys);
        var sealedSecret = JsonSerializer.Deserialize(vector.File("sealed_json"), ApiJson.Compact.SealedSecret)!;

        using var result = Unsealer.Unseal(sealedSecret, ring, UnsealOptions.Default);

        Assert.False(result.Succeeded);
        if (result.Failure.Kind == UnsealFailureKind.TemplateUnsupported) return;
        Assert.Equal(vector.Text("recovery_stderr"), $"error: {result.Failure.Message}\n");
    }
}
