using System.Text;
using GitOpsSecrets.Api;

namespace GitOpsSecrets.Sealing.Tests;

/// <summary>Secrets to seal.</summary>
internal static class Samples
{
    public static Secret Secret(params (string Name, string Value)[] items) => Secret(SealingScope.Strict, items);

    public static Secret Secret(SealingScope scope, params (string Name, string Value)[] items) => new()
    {
        Metadata = SealingScopes.Annotate(new ObjectMeta { Name = "db", Namespace = "team-a" }, scope),
        Data = Map(items.Select(item => (item.Name, Encoding.UTF8.GetBytes(item.Value)))),
    };

    public static SortedDictionary<string, byte[]?> Map(IEnumerable<(string Name, byte[] Value)> items)
    {
        var map = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var (name, value) in items) map[name] = value;
        return map;
    }

    public static SealedSecret Seal(Secret secret, SealingKey key, bool hint = false)
    {
        var result = Sealer.Seal(secret, key.Certificate!, hint);
        Assert.True(result.Succeeded, result.Failure?.Message);
        return result.SealedSecret;
    }

    public static SealedSecret WithMetadata(this SealedSecret sealedSecret, Func<ObjectMeta, ObjectMeta> change) =>
        sealedSecret with { Metadata = change(sealedSecret.Metadata) };

    public static SealedSecret WithTemplate(this SealedSecret sealedSecret, Func<SecretTemplateSpec, SecretTemplateSpec> change) =>
        sealedSecret with { Spec = sealedSecret.Spec with { Template = change(sealedSecret.Spec.Template ?? new SecretTemplateSpec()) } };

    public static SealedSecret WithItem(this SealedSecret sealedSecret, string name, string item)
    {
        var items = new SortedDictionary<string, string>(sealedSecret.Spec.EncryptedData!, StringComparer.Ordinal) { [name] = item };
        return sealedSecret with { Spec = sealedSecret.Spec with { EncryptedData = items } };
    }

    public static string Text(this OpenedSecret opened, string item) => Encoding.UTF8.GetString(opened.Secret.Data![item]!);
}
