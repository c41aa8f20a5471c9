using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.SecretsManager;

/// <summary>The calls of Secrets Manager that we make (https://docs.aws.amazon.com/secretsmanager/latest/apireference/).</summary>
internal sealed class SecretsManagerClient(AwsClient<AwsJsonClient> aws)
{
    public const int BatchSize = 20;
    private const int MostSecrets = 20_000;
    private const string ById = "uuid/";

    /// <returns>The answer, in which the value is; null when there is no such secret or version, or it is about to be deleted. The caller's to dispose.</returns>
    /// <param name="version">A stage, or <c>uuid/</c> and an id; null is the current one.</param>
    public async Task<AwsAnswer?> GetAsync(string id, string? version, CancellationToken cancellationToken)
    {
        var body = AwsBody.Of(json =>
        {
            json.WriteString("SecretId", id);
            if (version?.StartsWith(ById, StringComparison.Ordinal) == true) json.WriteString("VersionId", version[ById.Length..]);
            else if (!string.IsNullOrEmpty(version)) json.WriteString("VersionStage", version);
        });
        var answer = await aws.SendAsync(new("GetSecretValue", body) { Expected = [AwsErrors.NotFound, AwsErrors.InvalidRequest, AwsErrors.InvalidParameter] }, cancellationToken).ConfigureAwait(false);
        if (answer.Error is null) return answer;
        if (answer.Error.Code == AwsErrors.NotFound) return null;
        // These two codes say many things; one of them is that the secret is scheduled for deletion, and of that only its description is a proof.
        if (await IsBeingDeletedAsync(id, cancellationToken).ConfigureAwait(false)) return null;
        throw new ProviderException(ProviderFailureKind.Invalid, $"AWS/SecretsManager, asked to GetSecretValue, gave error {answer.Error.Code}: {answer.Error.Message}");
    }

    /// <returns>The answer; null when there is no such secret. The caller's to dispose.</returns>
    public async Task<AwsAnswer?> DescribeAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await aws.SendAsync(new("DescribeSecret", AwsBody.Of(json => json.WriteString("SecretId", id))) { Expected = [AwsErrors.NotFound] }, cancellationToken).ConfigureAwait(false);
        return answer.Error is null ? answer : null;
    }

    /// <summary>The current values of up to <see cref="BatchSize"/> secrets; an error where a policy does not allow batches.</summary>
    public Task<AwsAnswer> GetManyAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        aws.SendAsync(new("BatchGetSecretValue", AwsBody.Of(json => json.WriteStrings("SecretIdList", ids))) { Expected = AwsErrors.DeniedByPolicy }, cancellationToken);

    /// <summary>The names of all secrets whose name begins so and that have all of the tags.</summary>
    public async Task<List<string>> ListAsync(string? prefix, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        string? next = null;
        do
        {
            using var page = await aws.SendAsync(new("ListSecrets", ListBody(prefix, tags, next)), cancellationToken).ConfigureAwait(false);
            if (JsonMembers.Member(page.Root, "SecretList") is not { ValueKind: JsonValueKind.Array } secrets)
                throw new ProviderException(ProviderFailureKind.Invalid, "AWS/SecretsManager, asked to ListSecrets, answered with something else");
            // The filters for keys and for values know nothing of each other: that they stand in one tag is seen here.
            names.AddRange(secrets.EnumerateArray().Where(secret => HasTags(secret, tags)).Select(secret => JsonMembers.Text(secret, "Name")).OfType<string>());
            if (names.Count > MostSecrets) throw new ProviderException(ProviderFailureKind.Invalid, $"the search would look at more than {MostSecrets} secrets: narrow it with find.path or find.tags");
            next = JsonMembers.Text(page.Root, "NextToken");
        }
        while (next is not null);
        return names;
    }

    /// <summary>A call whose answer nobody needs.</summary>
    public async Task DoAsync(string operation, Action<Utf8JsonWriter> members, CancellationToken cancellationToken, bool carriesValue = false, params IReadOnlyCollection<string> expected) =>
        (await aws.SendAsync(new(operation, AwsBody.Of(members)) { CarriesValue = carriesValue, Expected = expected }, cancellationToken).ConfigureAwait(false)).Dispose();

    /// <summary>The resource policy; null when there is none.</summary>
    public async Task<string?> PolicyAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await aws.SendAsync(new("GetResourcePolicy", AwsBody.Of(json => json.WriteString("SecretId", id))), cancellationToken).ConfigureAwait(false);
        return JsonMembers.Text(answer.Root, "ResourcePolicy");
    }

    /// <summary>The bytes of a value: those of <c>SecretBinary</c>, or else the text of <c>SecretString</c>. The caller's to zero.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there is neither, so it is no answer of Secrets Manager.</exception>
    public static byte[] ValueOf(JsonElement secret)
    {
        if (JsonMembers.Member(secret, "SecretBinary") is { ValueKind: JsonValueKind.String } binary && binary.TryGetBytesFromBase64(out var bytes)) return bytes;
        if (JsonMembers.Member(secret, "SecretString") is { ValueKind: JsonValueKind.String } text) return AwsAnswer.Bytes(text);
        throw new ProviderException(ProviderFailureKind.Invalid, "AWS/SecretsManager answered with neither SecretString nor SecretBinary");
    }

    /// <summary>The tags of a description.</summary>
    public static SortedDictionary<string, string> TagsOf(JsonElement described)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in AwsAnswer.Elements(described, "Tags"))
        {
            if (JsonMembers.Text(tag, "Key") is { } key) tags[key] = JsonMembers.Text(tag, "Value") ?? "";
        }
        return tags;
    }

    /// <summary>Whether a description is of a secret that is scheduled for deletion.</summary>
    public static bool IsBeingDeleted(JsonElement described) => JsonMembers.Member(described, "DeletedDate").ValueKind != JsonValueKind.Undefined;

    private async Task<bool> IsBeingDeletedAsync(string id, CancellationToken cancellationToken)
    {
        using var described = await DescribeAsync(id, cancellationToken).ConfigureAwait(false);
        return described is null || IsBeingDeleted(described.Root);
    }

    private static bool HasTags(JsonElement secret, IReadOnlyDictionary<string, string> wanted)
    {
        if (wanted.Count == 0) return true;
        var tags = TagsOf(secret);
        return wanted.All(tag => tags.TryGetValue(tag.Key, out var value) && value == tag.Value);
    }

    private static byte[] ListBody(string? prefix, IReadOnlyDictionary<string, string> tags, string? next) => AwsBody.Of(json =>
    {
        json.WriteNumber("MaxResults", 100);
        json.WriteStartArray("Filters");
        if (!string.IsNullOrEmpty(prefix)) json.WriteFilter("name", prefix);
        foreach (var (key, value) in tags)
        {
            json.WriteFilter("tag-key", key);
            json.WriteFilter("tag-value", value);
        }
        json.WriteEndArray();
        json.WriteIfSet("NextToken", next);
    });
}
