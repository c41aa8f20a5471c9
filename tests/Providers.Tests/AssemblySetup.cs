using GitOpsSecrets.TestClusters;

[assembly: AssemblyFixture(typeof(SharedClusters))]
