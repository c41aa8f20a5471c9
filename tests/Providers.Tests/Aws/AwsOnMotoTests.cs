using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws;

public sealed class AwsOnMotoTests : AwsBehaviourTests
{
    private protected override Task<Uri> StartAsync() => Task.FromResult(Moto.Address());

    private protected override async Task<string> IssueAsync() => (string)(await Moto.AskAsync(
        Moto.Address(), "acm", "CertificateManager.RequestCertificate", new JsonObject { ["DomainName"] = "shop.example", ["Options"] = new JsonObject { ["Export"] = "ENABLED" } }))["CertificateArn"]!;
}
