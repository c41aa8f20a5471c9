namespace GitOpsSecrets.Deploy.Tests.Cluster;

public sealed class LocalExternalSecretDefinitionTests(ClusterFixture fixture) : ExternalSecretDefinitionFacts(fixture.Cluster), IClassFixture<ClusterFixture>;
