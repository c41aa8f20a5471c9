namespace GitOpsSecrets.Deploy.Tests.Cluster;

public sealed class RealManifestTests(RealClusterFixture fixture) : ManifestFacts(fixture.Cluster), IClassFixture<RealClusterFixture>;
