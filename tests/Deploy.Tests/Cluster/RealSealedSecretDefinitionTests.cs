namespace GitOpsSecrets.Deploy.Tests.Cluster;

public sealed class RealSealedSecretDefinitionTests(RealClusterFixture fixture) : SealedSecretDefinitionFacts(fixture.Cluster), IClassFixture<RealClusterFixture>;
