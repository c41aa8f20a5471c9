using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>Asks for records and opens them: the application's key opens those of folders and of records that are shared by themselves, a folder's key those of its records.</summary>
internal sealed class KeeperVault(KeeperClient client)
{
    private const string Route = "get_secret";

    /// <param name="records">Ids; null for all.</param>
    /// <returns>Those of them that are there; the caller's to dispose.</returns>
    public Task<KeeperShare> GetAsync(IEnumerable<string>? records, CancellationToken cancellationToken) =>
        AskAsync(records is null ? null : [.. records.Select(id => (JsonNode)id)], null, records is null ? "GetSecretsByTitle" : "GetSecrets", cancellationToken);

    /// <summary>What is in one folder.</summary>
    public Task<KeeperShare> GetFolderAsync(string folder, CancellationToken cancellationToken) => AskAsync(null, [(JsonNode)folder], "GetSecrets", cancellationToken);

    private async Task<KeeperShare> AskAsync(JsonArray? records, JsonArray? folders, string operation, CancellationToken cancellationToken)
    {
        var payload = new JsonObject { ["clientVersion"] = KeeperClient.Version, ["clientId"] = client.Configuration.ClientId, ["requestedRecords"] = records, ["requestedFolders"] = folders };
        var answer = await client.PostAsync(Route, KeeperPayload.Of(payload), operation, cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(answer);
            return Open(document.RootElement);
        }
        catch (JsonException)
        {
            throw Foreign();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(answer);
        }
    }

    private KeeperShare Open(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object) throw Foreign();
        var (opened, folders, closed) = (new List<KeeperRecord>(), new List<KeeperFolder>(), new Dictionary<string, ProviderException>(StringComparer.Ordinal));
        try
        {
            foreach (var record in ItemsOf(answer, "records")) OpenRecord(record, client.Configuration.AppKey, opened, closed);
            foreach (var item in ItemsOf(answer, "folders"))
            {
                var folder = new KeeperFolder(JsonMembers.Text(item, "folderUid")?.Trim() ?? "", OpenKey(item, "folderKey", client.Configuration.AppKey, "a folder"));
                folders.Add(folder);
                foreach (var record in ItemsOf(item, "records")) OpenRecord(record, folder.Key, opened, closed);
            }

            return new KeeperShare(opened, folders, closed);
        }
        catch
        {
            new KeeperShare(opened, folders, closed).Dispose();
            throw;
        }
    }

    private static void OpenRecord(JsonElement record, byte[] outer, List<KeeperRecord> opened, Dictionary<string, ProviderException> closed)
    {
        var uid = JsonMembers.Text(record, "recordUid")?.Trim() ?? throw Foreign();
        try
        {
            opened.Add(OpenRecord(uid, record, outer));
        }
        catch (ProviderException failure)
        {
            closed[uid] = failure;
        }
    }

    /// <param name="outer">Opens the record's key; it is that key where the record was shared by itself.</param>
    private static KeeperRecord OpenRecord(string uid, JsonElement record, byte[] outer)
    {
        var key = JsonMembers.Text(record, "recordKey") is { Length: > 0 } ? OpenKey(record, "recordKey", outer, $"record {uid}") : [.. outer];
        var revision = JsonMembers.Member(record, "revision") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var known) ? known : 0;
        var json = OpenText(record, "data", key, $"record {uid}");
        var files = ItemsOf(record, "files").Select(file => OpenFile(file, key, uid)).ToList();
        return new KeeperRecord(uid, revision, key, json, files);
    }

    private static KeeperFile OpenFile(JsonElement file, byte[] recordKey, string uid)
    {
        var key = OpenKey(file, "fileKey", recordKey, $"a file of record {uid}");
        var about = OpenText(file, "data", key, $"a file of record {uid}");
        try
        {
            return new KeeperFile(KeeperFields.TextOf(about, "title"), JsonMembers.Text(file, "url"), key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(about);
        }
    }

    private static byte[] OpenKey(JsonElement item, string name, byte[] outer, string what) =>
        OpenText(item, name, outer, what) is { Length: KeeperCipher.KeySize } key ? key : throw Closed(what);

    private static byte[] OpenText(JsonElement item, string name, byte[] key, string what) =>
        KeeperCipher.Decode(JsonMembers.Text(item, name)) is { } box && KeeperCipher.Open(box, key) is { } opened ? opened : throw Closed(what);

    private static JsonElement.ArrayEnumerator ItemsOf(JsonElement parent, string name) => JsonMembers.Member(parent, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;

    private static ProviderException Closed(string what) => new(ProviderFailureKind.Invalid, $"{what} of Keeper cannot be decrypted with the keys of the store's configuration");

    private static ProviderException Foreign() => new(ProviderFailureKind.Invalid, $"what answered in the place of Keeper, asked to {Route}, did not answer as it does");
}
