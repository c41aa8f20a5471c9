using System.Text.Json.Serialization;

namespace GitOpsSecrets.Providers.Generators.Grafana;

/// <summary>Which token was made, in the original's form: so that what it made can be taken back here.</summary>
internal sealed record GrafanaState([property: JsonPropertyName("serviceAccount")] GrafanaState.Account ServiceAccount)
{
    internal sealed record Account(
        [property: JsonPropertyName("id")] long Id,
        [property: JsonPropertyName("login")] string Login,
        [property: JsonPropertyName("tokenID")] long TokenId);
}
