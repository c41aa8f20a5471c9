using System.Security.Cryptography;
using GitOpsSecrets.Sops.Age;

namespace GitOpsSecrets.Sops.Tests.Age;

/// <summary>All vectors of C2SP/CCTV age.</summary>
public sealed class AgeVectorTests
{
    public static TheoryData<string> Names => [.. AgeVector.All.Select(v => v.Name)];

    public static TheoryData<string> Armored => [.. AgeVector.All.Where(v => v.Armored && v.Expect != "armor failure").Select(v => v.Name)];

    public static TheoryData<string> WithHeader => [.. AgeVector.All.Where(v => v.Expect is not ("header failure" or "armor failure")).Select(v => v.Name)];

    public static TheoryData<string> Successes => [.. AgeVector.All.Where(v => v.Expect == "success").Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_vector_ends_as_it_says(string name)
    {
        var vector = AgeVector.Get(name);
        using var output = new MemoryStream();
        var outcome = "success";
        try
        {
            var binary = vector.Armored ? AgeArmor.Decode(vector.File) : vector.File;
            AgeFile.Decrypt(binary, vector.Identities, AgeLimits.Default, output);
        }
        catch (AgeException failure)
        {
            outcome = failure.Failure switch
            {
                AgeFailure.Armor => "armor failure",
                AgeFailure.Header or AgeFailure.Limit => "header failure",
                AgeFailure.NoMatch => "no match",
                AgeFailure.Mac => "HMAC failure",
                AgeFailure.Payload => "payload failure",
                var other => other.ToString(),
            };
        }
        Assert.Equal(vector.Expect, outcome);
        if (vector.PayloadSha256 is { } hash) Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(output.ToArray())));
    }

    [Theory]
    [MemberData(nameof(Armored))]
    public void Armor_that_parses_is_written_back_the_same(string name)
    {
        var vector = AgeVector.Get(name);
        var canonical = System.Text.Encoding.ASCII.GetString(vector.File).Replace("\r\n", "\n", StringComparison.Ordinal).Trim() + "\n";
        Assert.Equal(canonical, AgeArmor.Encode(AgeArmor.Decode(vector.File)));
    }

    [Theory]
    [MemberData(nameof(WithHeader))]
    public void A_header_that_parses_is_written_back_the_same(string name)
    {
        var vector = AgeVector.Get(name);
        var binary = vector.Armored ? AgeArmor.Decode(vector.File) : vector.File;
        var header = AgeHeader.Parse(binary, AgeLimits.Default, out var length);
        Assert.Equal(binary[..length], header.ToBytes());
    }

    [Theory]
    [MemberData(nameof(Successes))]
    public void A_payload_that_opens_is_written_back_the_same(string name)
    {
        var vector = AgeVector.Get(name);
        var binary = vector.Armored ? AgeArmor.Decode(vector.File) : vector.File;
        AgeHeader.Parse(binary, AgeLimits.Default, out var length);
        using var fileKey = new AgeFileKey(vector.FileKey);
        using var plain = new MemoryStream();
        AgePayload.Decrypt(binary.AsSpan(length), fileKey, plain);
        Assert.Equal(binary[length..], AgePayload.Encrypt(plain.ToArray(), fileKey, binary.AsSpan(length, AgePayload.NonceSize)));
    }
}
