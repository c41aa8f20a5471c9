namespace GitOpsSecrets.Deploy.Tests.Cluster;

public sealed class LocalSealedSecretDefinitionTests(ClusterFixture fixture) : SealedSecretDefinitionFacts(fixture.Cluster), IClassFixture<ClusterFixture>;
