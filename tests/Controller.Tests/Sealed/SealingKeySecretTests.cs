using System.Text;
using GitOpsSecrets.Api;
using GitOpsSecrets.Controller.Sealed;

namespace GitOpsSecrets.Controller.Tests.Sealed;

public sealed class SealingKeySecretTests
{
    [Theory]
    [InlineData(nameof(KeyOrderPriority.CertNotBefore), "2026-01-01")]
    [InlineData(nameof(KeyOrderPriority.SecretCreationTimestamp), "2026-05-01")]
    public void The_age_of_a_key_is_that_of_its_certificate_or_of_its_Secret(string order, string since)
    {
        var (keyPem, certificate) = TestKeys.Pair("one");
        var secret = new Secret
        {
            Metadata = new ObjectMeta { CreationTimestamp = "2026-05-01T00:00:00Z" },
            Data = new(StringComparer.Ordinal) { ["tls.key"] = keyPem, ["tls.crt"] = Encoding.ASCII.GetBytes(certificate) },
        };
        var (key, problem) = SealingKeySecret.Read(secret, Enum.Parse<KeyOrderPriority>(order), allowExampleKey: false);
        Assert.Null(problem);
        Assert.Equal(since, $"{key!.OrderingTime:yyyy-MM-dd}");
    }
}
