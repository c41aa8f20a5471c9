using System.Text;

namespace GitOpsSecrets.Controller.External.Target;

/// <summary>By what a Secret is known to be an ExternalSecret's: as in the original, so that a live cluster is taken over as it is.</summary>
internal static class TargetIdentity
{
    private const string ManagerPrefix = "externalsecrets.external-secrets.io/";
    private const int LongestManager = 63;

    /// <summary>The field manager of an ExternalSecret's writes. Long names are hashed.</summary>
    public static string FieldManager(string name) =>
        ManagerPrefix.Length + name.Length <= LongestManager ? ManagerPrefix + name : $"{ManagerPrefix}sha3/{ObjectHash.Hex(Encoding.UTF8.GetBytes(name))}";

    /// <summary>The label of a Secret with creationPolicy Owner.</summary>
    public static string OwnerHash(string @namespace, string name) => ObjectHash.Of($"{@namespace}/{name}");
}
