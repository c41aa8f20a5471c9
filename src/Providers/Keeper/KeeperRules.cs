using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>What a store of Keeper Secrets Manager must keep to: pure.</summary>
internal static class KeeperRules
{
    public const string Root = "spec.provider.keepersecurity";

    public static IEnumerable<string> Problems(StoreDescription store, KeeperStore options)
    {
        foreach (var problem in SelectorRules.Problems(store, Root + ".authRef", options.AuthRef)) yield return problem;
        if (string.IsNullOrEmpty(options.FolderID)) yield return $"{Root}.folderID is required";
    }
}
