using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Amazon.SimpleSystemsManagement.Model;

namespace GitOpsSecrets.Providers.Aws.ParameterStore;

/// <summary>Writes to Parameter Store; touches only what is tagged as ours. A parameter is one value: properties mean nothing here, as in the original, and a push says so.</summary>
internal sealed class ParameterStorePush(ParameterClient parameters, string prefix)
{
    private const string Standard = "Standard";
    private const int MostStandard = 4096;
    private const int MostAdvanced = 8192;

    /// <exception cref="ProviderException">The parameter is somebody else's, the wishes make no sense, or AWS refused.</exception>
    public async Task PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var wishes = PushMetadata<ParameterWishes>.Read(request.Metadata, AwsPushJson.Default.ParameterStore);
        Check(wishes);
        request.LeaveProperty();
        if (wishes.SecretType != ParameterWishes.Encrypted && !string.IsNullOrEmpty(wishes.KmsKeyID)) request.Leave("metadata.spec.kmsKeyID");
        var name = prefix + request.Place.Key;
        var wanted = AwsOwnership.Tags(wishes.Tags);
        var parameter = await parameters.GetAsync(name, cancellationToken).ConfigureAwait(false);
        var present = parameter is null ? null : await parameters.TagsAsync(name, cancellationToken).ConfigureAwait(false) ?? [];
        if (present is not null && !AwsOwnership.IsOurs(present))
            throw new ProviderException(ProviderFailureKind.Conflict, $"parameter \"{name}\" not managed by external-secrets, so it is left alone");
        var old = parameter is null ? null : ParameterClient.ValueOf(parameter);
        var value = ValueOf(request, wishes);
        try
        {
            if (Unkept(value, wishes) is { } problem) throw Invalid($"parameter \"{name}\": {problem}");
            if (old is null || !CryptographicOperations.FixedTimeEquals(old, value)) await PutAsync(name, value, wishes, old is null ? wanted : null, cancellationToken).ConfigureAwait(false);
            // An equal value is not written again, and so its type stays.
            else if (parameter!.Type?.Value is { } type && type != TypeOf(wishes)) request.Leave("metadata.spec.secretType");
            // Without tags of its own a push says nothing about those that are there: they may be somebody else's.
            if (present is not null && wishes.Tags is { Count: > 0 }) await TagAsync(name, present, wanted, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(old);
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <exception cref="ProviderException">AWS refused.</exception>
    public async Task DeleteAsync(RemotePlace place, CancellationToken cancellationToken)
    {
        var name = prefix + place.Key;
        if (await parameters.GetAsync(name, cancellationToken).ConfigureAwait(false) is null || await parameters.TagsAsync(name, cancellationToken).ConfigureAwait(false) is not { } tags || !AwsOwnership.IsOurs(tags)) return;
        await parameters.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> ExistsAsync(RemotePlace place, CancellationToken cancellationToken)
        => await parameters.GetAsync(prefix + place.Key, cancellationToken).ConfigureAwait(false) is not null;

    private static void Check(ParameterWishes wishes)
    {
        if (wishes.SecretType is not (null or "" or ParameterWishes.Plain or ParameterWishes.Encrypted or ParameterWishes.List))
            throw Invalid($"metadata: secretType \"{wishes.SecretType}\" is neither String, SecureString nor StringList");
        if (wishes.Tier?.Type is not (null or "" or Standard or "Advanced" or "Intelligent-Tiering"))
            throw Invalid($"metadata: tier.type \"{wishes.Tier?.Type}\" is neither Standard, Advanced nor Intelligent-Tiering");
    }

    private static string TypeOf(ParameterWishes wishes) => string.IsNullOrEmpty(wishes.SecretType) ? ParameterWishes.Plain : wishes.SecretType;

    /// <summary>A whole Secret goes as it is in the cluster, its values in base64, unless the wishes say otherwise.</summary>
    private static byte[] ValueOf(PushRequest request, ParameterWishes wishes)
    {
        if (!string.IsNullOrEmpty(request.SecretKey) || wishes.EncodeAsDecoded == true) return PushedValue.Of(request);
        using var encoded = new SecretValues();
        foreach (var (key, value) in request.Source.Entries) encoded.Set(key, Encoding.ASCII.GetBytes(Convert.ToBase64String(value)));
        return PushedValue.Of(request with { Source = encoded });
    }

    /// <summary>Why a value cannot be kept; null where it may. Which tier counts where none is wished is known to the account only.</summary>
    private static string? Unkept(byte[] value, ParameterWishes wishes)
    {
        if (!Utf8.IsValid(value)) return "Parameter Store keeps text only, and the value is none";
        if (value.Length == 0) return "the value is empty, and Parameter Store keeps none that is";
        // Characters: no count of bytes is smaller.
        var length = value.Count(one => (one & 0xC0) != 0x80);
        if (length > MostAdvanced) return string.Create(CultureInfo.InvariantCulture, $"the value is longer than the {MostAdvanced:N0} characters that a parameter may have");
        return length > MostStandard && wishes.Tier?.Type == Standard
            ? string.Create(CultureInfo.InvariantCulture, $"the value is longer than the {MostStandard:N0} characters that a parameter of the Standard tier may have; tier.type Advanced takes {MostAdvanced:N0}")
            : null;
    }

    private async Task PutAsync(string name, byte[] value, ParameterWishes wishes, SortedDictionary<string, string>? tags, CancellationToken cancellationToken)
    {
        var request = new PutParameterRequest { Name = name, Value = Encoding.UTF8.GetString(value), Type = TypeOf(wishes) };
        if (wishes.SecretType == ParameterWishes.Encrypted) request.KeyId = string.IsNullOrEmpty(wishes.KmsKeyID) ? ParameterWishes.DefaultKey : wishes.KmsKeyID;
        if (!string.IsNullOrEmpty(wishes.Tier?.Type)) request.Tier = wishes.Tier.Type;
        if (wishes.Tier?.Policies is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } policies) request.Policies = policies.ValueKind == JsonValueKind.String ? policies.GetString() : policies.GetRawText();
        if (!string.IsNullOrEmpty(wishes.Description)) request.Description = wishes.Description;
        // AWS takes tags of a new parameter only.
        if (tags is null) request.Overwrite = true;
        else request.Tags = ParameterClient.TagsOf(tags);
        try
        {
            await parameters.PutAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException failure) when (failure.Kind == ProviderFailureKind.Invalid && value.Length > MostStandard)
        {
            // AWS's own reason may quote the value.
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"{failure.Message}; a parameter of the Standard tier may have {MostStandard:N0} characters, one of the Advanced tier {MostAdvanced:N0} (metadata: tier.type)"));
        }
    }

    private async Task TagAsync(string name, SortedDictionary<string, string> present, SortedDictionary<string, string> wanted, CancellationToken cancellationToken)
    {
        if (AwsOwnership.TooMany(present, wanted) is { Count: > 0 } gone) await parameters.RemoveTagsAsync(name, gone, cancellationToken).ConfigureAwait(false);
        if (AwsOwnership.Missing(present, wanted) is { Count: > 0 } added) await parameters.AddTagsAsync(name, added, cancellationToken).ConfigureAwait(false);
    }

    private static ProviderException Invalid(string message) => new(ProviderFailureKind.Invalid, message);
}
