using System.Text.Json.Serialization.Metadata;
using GitOpsSecrets.Api.ExternalSecrets;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Api;

// As generated contexts are: what is read or written through them may be null.
#nullable disable annotations

public sealed partial class ApiJson
{
    public JsonTypeInfo<ExternalSecret> ExternalSecret => (Options.WriteIndented ? ExternalSecretJson.Indented : ExternalSecretJson.Compact).ExternalSecret;

    public JsonTypeInfo<SecretStore> SecretStore => External.SecretStore;

    public JsonTypeInfo<ClusterSecretStore> ClusterSecretStore => External.ClusterSecretStore;

    public JsonTypeInfo<ClusterExternalSecret> ClusterExternalSecret => External.ClusterExternalSecret;

    public JsonTypeInfo<PushSecret> PushSecret => External.PushSecret;

    public JsonTypeInfo<ClusterPushSecret> ClusterPushSecret => External.ClusterPushSecret;

    public JsonTypeInfo<Generator> Generator => External.Generator;

    public JsonTypeInfo<ClusterGenerator> ClusterGenerator => External.ClusterGenerator;

    public JsonTypeInfo<GeneratorState> GeneratorState => External.GeneratorState;

    public JsonTypeInfo<GeneratorStateStatus> GeneratorStateStatus => External.GeneratorStateStatus;

    private ExternalJson External => Options.WriteIndented ? ExternalJson.Indented : ExternalJson.Compact;
}
