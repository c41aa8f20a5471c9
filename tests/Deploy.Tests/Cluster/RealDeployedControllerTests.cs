namespace GitOpsSecrets.Deploy.Tests.Cluster;

public sealed class RealDeployedControllerTests(RealClusterFixture fixture) : DeployedControllerFacts(fixture.Cluster), IClassFixture<RealClusterFixture>;
