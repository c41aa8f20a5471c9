using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Keeper;

/// <summary>Fields of records of the type <c>externalSecrets</c>, which the store's pushes make in its folder and change; records of other types are never touched.</summary>
internal sealed class KeeperPush(KeeperClient client, KeeperVault vault, string folder)
{
    private const string Type = "externalSecrets";
    private static readonly UTF8Encoding Strict = new(false, true);

    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.SecretKey)) throw new ProviderException(ProviderFailureKind.Invalid, "pushing the whole secret is not yet implemented for Keeper: name a secretKey");
        var place = KeeperPlace.Of(request.Place);
        var value = TextOf(request);
        request.LeaveProperty();
        request.LeaveMetadata();
        using var share = await vault.GetAsync(null, cancellationToken).ConfigureAwait(false);
        if (FindRecord(share, place.Title) is not { } record)
        {
            await CreateAsync(share, place, value, cancellationToken).ConfigureAwait(false);
            return;
        }

        var json = ObjectOf(record);
        if (FieldOf(json, place) is { } field)
        {
            if (ValueOf(field) == value) return;
            field["value"] = new JsonArray(value);
        }
        else
        {
            ListOf(json, place).Add((JsonNode)NewField(place, value));
        }

        await SaveAsync(record, json, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes the field out; the last one takes the record along.</summary>
    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        var wanted = KeeperPlace.Of(place);
        using var share = await vault.GetAsync(null, cancellationToken).ConfigureAwait(false);
        if (FindRecord(share, wanted.Title) is not { } record) return;
        var json = ObjectOf(record);
        if (FieldOf(json, wanted) is not { } field) return;
        ListOf(json, wanted).Remove(field);
        var isLast = record.Files.Count == 0 && (string[])["fields", "custom"] is var lists && lists.All(list => json[list] is not JsonArray { Count: > 0 });
        if (isLast) await DeleteRecordAsync(record, cancellationToken).ConfigureAwait(false);
        else await SaveAsync(record, json, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        var wanted = KeeperPlace.Of(place);
        using var share = await vault.GetAsync(null, cancellationToken).ConfigureAwait(false);
        return FindRecord(share, wanted.Title) is { } record && FieldOf(ObjectOf(record), wanted) is not null;
    }

    private async Task CreateAsync(KeeperShare share, KeeperPlace place, string value, CancellationToken cancellationToken)
    {
        var owner = client.Configuration.OwnerKey ?? throw new ProviderException(ProviderFailureKind.Invalid, "the store's Keeper configuration has no appOwnerPublicKey, whom a new record would belong to: make the application anew with a current client");
        var target = share.Folders.FirstOrDefault(one => one.Uid == folder)
            ?? throw new ProviderException(ProviderFailureKind.Invalid, $"folder {folder} is not shared with the store's Keeper application, or has no record yet, without which Keeper does not show it");
        var json = new JsonObject { ["title"] = place.Title, ["type"] = Type, ["fields"] = new JsonArray() };
        ListOf(json, place).Add((JsonNode)NewField(place, value));
        var key = RandomNumberGenerator.GetBytes(KeeperCipher.KeySize);
        var data = KeeperPayload.Of(json);
        try
        {
            var payload = About();
            payload["recordUid"] = NewId();
            payload["recordKey"] = Convert.ToBase64String(KeeperCipher.SealFor(key, owner, "appOwnerPublicKey of the store's Keeper configuration"));
            payload["folderUid"] = folder;
            payload["folderKey"] = Convert.ToBase64String(KeeperCipher.Seal(key, target.Key));
            payload["data"] = Convert.ToBase64String(KeeperCipher.Seal(data, key));
            CryptographicOperations.ZeroMemory(await client.PostAsync("create_secret", KeeperPayload.Of(payload), "CreateSecretWithRecordData", cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(data);
        }
    }

    private async Task SaveAsync(KeeperRecord record, JsonObject json, CancellationToken cancellationToken)
    {
        var data = KeeperPayload.Of(json);
        var payload = About();
        payload["recordUid"] = record.Uid;
        // What somebody else changed in the meantime has another one, and is not overwritten.
        payload["revision"] = record.Revision;
        payload["data"] = Base64Url.EncodeToString(KeeperCipher.Seal(data, record.Key));
        CryptographicOperations.ZeroMemory(data);
        CryptographicOperations.ZeroMemory(await client.PostAsync("update_secret", KeeperPayload.Of(payload), "Save", cancellationToken).ConfigureAwait(false));
    }

    private async Task DeleteRecordAsync(KeeperRecord record, CancellationToken cancellationToken)
    {
        var payload = About();
        payload["recordUids"] = new JsonArray(record.Uid);
        var answer = await client.PostAsync("delete_secret", KeeperPayload.Of(payload), "DeleteSecrets", cancellationToken).ConfigureAwait(false);
        if (RefusalIn(answer) is { } refusal) throw new ProviderException(ProviderFailureKind.Denied, $"Keeper did not delete record {record.Uid}: {refusal}");
    }

    // {"records": [{"recordUid": …, "responseCode": "ok", "errorMessage": ""}]}
    private static string? RefusalIn(byte[] answer)
    {
        if (answer.Length == 0) return null;
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (JsonMembers.Member(document.RootElement, "records") is not { ValueKind: JsonValueKind.Array } records) return null;
            return records.EnumerateArray().Select(record => JsonMembers.Text(record, "responseCode")).FirstOrDefault(code => code is not (null or "" or "ok"));
        }
        catch (JsonException)
        {
            return "its answer is no JSON";
        }
    }

    private JsonObject About() => new() { ["clientVersion"] = KeeperClient.Version, ["clientId"] = client.Configuration.ClientId };

    private static KeeperRecord? FindRecord(KeeperShare share, string title)
    {
        var records = share.Records.Where(record => record.Title == title && record.Type == Type).DistinctBy(record => record.Uid).Take(2).ToList();
        if (records.Count > 1) throw new ProviderException(ProviderFailureKind.Conflict, $"more than one record of Keeper has the type {Type} and the title {title}");
        if (records.Count == 0) share.ThrowIfClosed();
        return records.FirstOrDefault();
    }

    private static JsonObject ObjectOf(KeeperRecord record)
    {
        try
        {
            if (JsonTree.Parse(record.Json) is JsonObject json) return json;
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw new ProviderException(ProviderFailureKind.Invalid, $"record {record.Uid} of Keeper holds no JSON object");
    }

    private static JsonArray ListOf(JsonObject json, KeeperPlace place)
    {
        var name = place.IsOwn ? "custom" : "fields";
        if (json[name] is JsonArray list) return list;
        var fresh = new JsonArray();
        json[name] = fresh;
        return fresh;
    }

    private static JsonObject? FieldOf(JsonObject json, KeeperPlace place) => ListOf(json, place).OfType<JsonObject>().FirstOrDefault(field => place.IsOwn ? TextIn(field, "label") == place.Name : TextIn(field, "type") == place.Type);

    private static JsonObject NewField(KeeperPlace place, string value)
    {
        var field = new JsonObject { ["type"] = place.Type };
        if (place.IsOwn) field["label"] = place.Name;
        field["value"] = new JsonArray(value);
        return field;
    }

    private static string? ValueOf(JsonObject field) => field["value"] is JsonArray { Count: 1 } list && list[0] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string? TextIn(JsonObject field, string name) => field[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Sixteen bytes; never with a dash in front, which command lines take for a flag.</summary>
    private static string NewId()
    {
        const byte Dash = 0xF8;
        var id = RandomNumberGenerator.GetBytes(16);
        if ((id[0] & Dash) == Dash) id[0] &= 0x7F;
        return Base64Url.EncodeToString(id);
    }

    private static string TextOf(PushRequest request)
    {
        var value = PushedValue.Of(request);
        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            throw new ProviderException(ProviderFailureKind.Invalid, $"secret key {request.SecretKey} holds bytes that are no text, and a field of Keeper holds text");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }
}
