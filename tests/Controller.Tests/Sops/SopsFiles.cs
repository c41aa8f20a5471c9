using System.Text;
using System.Text.Json.Nodes;
using GitOpsSecrets.Api.Sops;
using GitOpsSecrets.Api.Yaml;
using GitOpsSecrets.Controller.Tests.EndToEnd;
using GitOpsSecrets.Providers;
using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.SopsKeys;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Keys;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Controller.Tests.Sops;

/// <summary>Encrypted files: those of the original from the vectors, and our own.</summary>
internal static class SopsFiles
{
    public const string Templates = "Templates";

    private static readonly string Folder = Path.Combine(Stage.RepositoryRoot(), "tests", "vectors", "sops");
    private static readonly JsonNode Manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "manifest.json")))!;

    /// <summary>The text of a private key.</summary>
    public static string Key(string name) => File.ReadAllText(Path.Combine(Folder, Manifest["keys"]![name]!["file"]!.GetValue<string>()));

    public static string Recipient(string name) => Manifest["keys"]![name]!["public"]!.GetValue<string>();

    /// <summary>The encrypted text of a case.</summary>
    public static string Case(string id) =>
        File.ReadAllText(Path.Combine(Folder, Manifest["cases"]!.AsArray().Single(entry => entry!["id"]!.GetValue<string>() == id)!["encrypted"]!.GetValue<string>()));

    /// <summary>Encrypts a text for one age key.</summary>
    /// <param name="suffix">Of the keys whose values are encrypted; <c>null</c> for <c>data</c>, <c>stringData</c> and the annotation that says where a file belongs.</param>
    public static async Task<string> SealAsync(string plain, string key = "age-a", string? suffix = Templates, bool macOnlyEncrypted = false)
    {
        var rule = suffix is null ? SelectionRule.Create(SelectionKind.EncryptedRegex, "^(data|stringData|gitopssecrets.io/bound-to)$") : SelectionRule.Create(SelectionKind.EncryptedSuffix, suffix);
        using var file = PlainFile.Parse(Encoding.UTF8.GetBytes(plain), SopsFormat.Yaml);
        var options = new SealingOptions([new KeyGroup([MasterKey.Age(Recipient(key))])], Rule: rule, MacOnlyEncrypted: macOnlyEncrypted);
        var done = await SopsFile.SealAsync(file, options, new SopsKeyringBuilder().Build(), TimeProvider.System, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(done.ToBytes());
    }

    /// <summary>A SopsSecret of one template, encrypted whole.</summary>
    public static async Task<JsonObject> SopsSecretAsync(string name, string template, string key = "age-a", string spec = "") => Object(await SealAsync(
        $$"""
        apiVersion: isindir.github.com/v1alpha3
        kind: SopsSecret
        metadata:
            name: {{name}}
        spec:
            {{spec}}
            secretTemplates:
                - {{template}}
        """, key));

    /// <summary>A SopsSecret of one template with the item <c>a: x</c>, whose data key a service keeps.</summary>
    /// <param name="more">Fields of the template, each with a comma behind it.</param>
    public static async Task<JsonObject> KeptAsync(string name, MasterKey key, KeyServiceCredentials credentials, IProviderHttp? http = null, string more = "")
    {
        var text = $$"""
            apiVersion: {{SopsSecret.GroupVersion}}
            kind: SopsSecret
            metadata:
                name: {{name}}
            spec:
                secretTemplates:
                    - { {{more}}name: {{name}}, stringData: {a: x} }
            """;
        var context = new KeyServiceContext(credentials, http ?? new ProviderHttp(new ProviderHttpOptions(), TimeProvider.System), new UncountedCalls(), TimeProvider.System);
        var builder = new SopsKeyringBuilder();
        foreach (var service in KeyServiceCatalog.All) builder.Add(service.Source(() => context));
        using var plain = PlainFile.Parse(Encoding.UTF8.GetBytes(text), SopsFormat.Yaml);
        var options = new SealingOptions([new KeyGroup([key])], Rule: SelectionRule.Create(SelectionKind.EncryptedSuffix, Templates));
        return Object(Encoding.UTF8.GetString((await SopsFile.SealAsync(plain, options, builder.Build(), TimeProvider.System, TestContext.Current.CancellationToken)).ToBytes()));
    }

    /// <summary>A SopsSecret that carries a text.</summary>
    public static JsonObject Carrying(string name, string document) => new()
    {
        ["apiVersion"] = "isindir.github.com/v1alpha3",
        ["kind"] = "SopsSecret",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["document"] = document },
    };

    public static JsonObject Object(string yaml) => YamlReader.Read(yaml)!.AsObject();
}
