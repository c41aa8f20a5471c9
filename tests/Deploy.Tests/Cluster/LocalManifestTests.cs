namespace GitOpsSecrets.Deploy.Tests.Cluster;

public sealed class LocalManifestTests(ClusterFixture fixture) : ManifestFacts(fixture.Cluster), IClassFixture<ClusterFixture>;
