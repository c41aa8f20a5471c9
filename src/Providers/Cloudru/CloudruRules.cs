using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Cloudru;

/// <summary>What a store of Cloud.ru Secret Manager must keep to: pure.</summary>
internal static class CloudruRules
{
    public const string Root = "spec.provider.cloudrusm";

    public static IEnumerable<string> Problems(StoreDescription store, CloudruStore options)
    {
        if (options.Auth.SecretRef is not { } secret) yield return $"{Root}.auth.secretRef is required";
        else
        {
            foreach (var problem in SelectorRules.Problems(store, Root + ".auth.secretRef.accessKeyIDSecretRef", secret.AccessKeyIDSecretRef)) yield return problem;
            foreach (var problem in SelectorRules.Problems(store, Root + ".auth.secretRef.accessKeySecretSecretRef", secret.AccessKeySecretSecretRef)) yield return problem;
        }

        if (!Guid.TryParse(options.ProjectID, out _)) yield return $"{Root}.projectID must be the UUID of a project";
    }
}
