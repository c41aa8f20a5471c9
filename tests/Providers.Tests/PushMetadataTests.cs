using System.Text.Json;
using GitOpsSecrets.Providers.Aws;
using GitOpsSecrets.Providers.Aws.CertificateManager;
using GitOpsSecrets.Providers.Aws.ParameterStore;
using GitOpsSecrets.Providers.Aws.SecretsManager;
using GitOpsSecrets.Providers.Azure;
using GitOpsSecrets.Providers.Google;
using GitOpsSecrets.Providers.Kubernetes;

namespace GitOpsSecrets.Providers.Tests;

public sealed class PushMetadataTests
{
    private const string Wrapper = "\"apiVersion\":\"kubernetes.external-secrets.io/v1alpha1\",\"kind\":\"PushSecretMetadata\"";

    private static readonly Dictionary<string, Action<JsonElement>> Readers = new()
    {
        ["secrets"] = written => PushMetadata<SecretsManagerWishes>.Read(written, AwsPushJson.Default.SecretsManager),
        ["parameters"] = written => PushMetadata<ParameterWishes>.Read(written, AwsPushJson.Default.ParameterStore),
        ["certificates"] = written => PushMetadata<CertificateWishes>.Read(written, AwsPushJson.Default.CertificateManager),
        ["azure"] = written => KeyVaultWishes.Read(written),
        ["google"] = written => PushMetadata<GoogleWishes>.Read(written, GoogleWishesJson.Default.Metadata),
        ["kubernetes"] = written => PushMetadata<KubernetesWishes>.Read(written, KubernetesWishesJson.Default.Metadata),
    };

    [Theory]
    [InlineData("secrets", """{"secretPushFormat":"hunter2"}""", "field \"secretPushFormat\" belongs under \"spec\"")]
    [InlineData("parameters", """{#,"secretType":"hunter2"}""", "field \"secretType\" belongs under \"spec\"")]
    [InlineData("certificates", """{#,"tags":{"a":"hunter2"}}""", "field \"tags\" belongs under \"spec\"")]
    [InlineData("azure", """{#,"expirationDate":"hunter2"}""", "field \"expirationDate\" belongs under \"spec\"")]
    [InlineData("google", """{#,"labels":{"a":"hunter2"}}""", "field \"labels\" belongs under \"spec\"")]
    [InlineData("kubernetes", """{#,"remoteNamespace":"hunter2"}""", "field \"remoteNamespace\" belongs under \"spec\"")]
    [InlineData("secrets", """{#,"nope":"hunter2"}""", "there is no field \"nope\", only apiVersion, kind, spec")]
    [InlineData("azure", """{#,"spec":{"nope":"hunter2"}}""", "there is no field \"spec.nope\"; spec may have expirationDate, contentType, tags")]
    [InlineData("kubernetes", """{#,"spec":{"Labels":{}}}""", "there is no field \"spec.Labels\"; spec may have targetMergePolicy, sourceMergePolicy, labels, annotations, remoteNamespace")]
    [InlineData("parameters", """{#,"spec":{"tier":{"kind":"hunter2"}}}""", "there is no field \"spec.tier.kind\"; spec.tier may have type, policies")]
    [InlineData("google", """{#,"spec":{"topics":"hunter2"}}""", "spec.topics cannot have a value of that kind")]
    [InlineData("google", "\"hunter2\"", "they must be an object")]
    [InlineData("kubernetes", "{}", "they must be of apiVersion kubernetes.external-secrets.io/v1alpha1 and kind PushSecretMetadata")]
    public void What_is_wrong_is_said_with_the_remedy_and_without_values(string kind, string metadata, string problem)
    {
        using var document = JsonDocument.Parse(metadata.Replace("#", Wrapper, StringComparison.Ordinal));
        var failure = Assert.Throws<ProviderException>(() => Readers[kind](document.RootElement));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
        Assert.Equal("unable to parse metadata parameters: " + problem, failure.Message);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }
}
