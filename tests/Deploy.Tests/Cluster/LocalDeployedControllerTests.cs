namespace GitOpsSecrets.Deploy.Tests.Cluster;

public sealed class LocalDeployedControllerTests(ClusterFixture fixture) : DeployedControllerFacts(fixture.Cluster), IClassFixture<ClusterFixture>;
