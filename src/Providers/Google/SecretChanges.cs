using GitOpsSecrets.Api.ExternalSecrets.Stores;

namespace GitOpsSecrets.Providers.Google;

/// <summary>Whether a secret that changed is in a store. Google names projects by their number where stores mostly have the id: those two cannot be compared without a call, so both are taken for the same. Pure.</summary>
internal static class SecretChanges
{
    public static ChangedSecret? Recognize(GcpStore store, RemoteChange change)
    {
        if (change.Container is { } project)
        {
            if (!string.IsNullOrEmpty(store.ProjectID) && IsNumber(store.ProjectID) == IsNumber(project) && store.ProjectID != project) return null;
            if ((change.Region ?? "") != (store.Location ?? "")) return null;
        }
        return ChangedSecret.Of(change.Key);
    }

    private static bool IsNumber(string project) => project.All(char.IsAsciiDigit);
}
