using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sops;

namespace GitOpsSecrets.Seal.Cli.Rendering;

/// <summary>
/// Plain Secrets whose items are SOPS files: what Kustomize's secretGenerator makes of encrypted files. Each item is a file's own bytes, so
/// its MAC is verified; its format follows from the item's name.
/// </summary>
internal sealed class SopsItemRendering(SopsOpening opening) : IObjectRendering
{
    public bool Takes(ManifestObject source) =>
        source.Kind == Api.Secret.SecretKind && source.Node["sops"] is null && Items(source).Any(item => IsSops(item.Content));

    public async Task<IReadOnlyList<string>> RenderAsync(ManifestObject source, string? text, CancellationToken cancellationToken)
    {
        var rendered = source.Node.DeepClone().AsObject();
        foreach (var (name, content) in Items(source).Where(item => IsSops(item.Content)).ToList())
        {
            var format = FormatOf(name);
            using var open = await opening.OpenAsync($"item {name} of {ManifestPlace.Describe(source.Node)}", content, format, original: true, cancellationToken);
            var plain = open.Plain.ToBytes();
            rendered["data"]![name] = Convert.ToBase64String(plain);
            CryptographicOperations.ZeroMemory(plain);
        }
        return [YamlWriter.Write(rendered)];
    }

    private static IEnumerable<(string Name, byte[] Content)> Items(ManifestObject source)
    {
        foreach (var (name, value) in source.Node["data"] as JsonObject ?? [])
        {
            if (value.AsText() is not { } base64) continue;
            var buffer = new byte[base64.Length];
            if (Convert.TryFromBase64String(base64, buffer, out var length)) yield return (name, buffer[..length]);
        }
    }

    /// <summary>The marks that Flux goes by: an encrypted MAC in the form that each format gives it.</summary>
    private static bool IsSops(ReadOnlySpan<byte> content) =>
        content.IndexOf("\"mac\": \"ENC["u8) >= 0 || content.IndexOf("mac: ENC["u8) >= 0 || content.IndexOf("sops_mac=ENC["u8) >= 0 || (content.IndexOf("[sops]"u8) >= 0 && content.IndexOf("ENC["u8) >= 0);

    private static SopsFormat FormatOf(string item) => item == ".dockerconfigjson" ? SopsFormat.Json : SopsFormats.FromPath(item);
}
