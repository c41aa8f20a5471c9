namespace GitOpsSecrets.Deploy.Tests.Cluster;

public sealed class RealExternalSecretDefinitionTests(RealClusterFixture fixture) : ExternalSecretDefinitionFacts(fixture.Cluster), IClassFixture<RealClusterFixture>;
