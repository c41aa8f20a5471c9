namespace GitOpsSecrets.Seal.Cli.Manifests;

internal enum OutputFormat
{
    Json,
    Yaml,
}
