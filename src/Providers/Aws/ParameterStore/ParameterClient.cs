using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws.ParameterStore;

/// <summary>The calls of Parameter Store that we make (https://docs.aws.amazon.com/systems-manager/latest/APIReference/).</summary>
internal sealed class ParameterClient(AwsClient aws)
{
    public const int BatchSize = 10;
    private const int PageSize = 10;
    private const int DescriptionPageSize = 50;
    private const int MostParameters = 20_000;

    /// <returns>The answer, with <c>Parameter</c> in it; null when there is no such parameter. The caller's to dispose.</returns>
    /// <param name="name">May end in <c>:</c> and a version or label.</param>
    public async Task<AwsAnswer?> GetAsync(string name, CancellationToken cancellationToken)
    {
        var body = AwsBody.Of(json =>
        {
            json.WriteString("Name", name);
            json.WriteBoolean("WithDecryption", true);
        });
        var answer = await aws.SendAsync(new("GetParameter", body) { Expected = [AwsErrors.ParameterNotFound] }, cancellationToken).ConfigureAwait(false);
        return answer.Error is null ? answer : null;
    }

    /// <summary>Up to <see cref="BatchSize"/> parameters; those that are not there are in <c>InvalidParameters</c>.</summary>
    public Task<AwsAnswer> GetManyAsync(IEnumerable<string> names, CancellationToken cancellationToken) => aws.SendAsync(
        new("GetParameters", AwsBody.Of(json =>
        {
            json.WriteStrings("Names", names);
            json.WriteBoolean("WithDecryption", true);
        })),
        cancellationToken);

    /// <summary>Hands over every parameter below a path, however deep.</summary>
    public Task ByPathAsync(string path, Action<JsonElement> take, CancellationToken cancellationToken) => PagesAsync(
        "GetParametersByPath",
        "Parameters",
        json =>
        {
            json.WriteString("Path", path);
            json.WriteBoolean("Recursive", true);
            json.WriteBoolean("WithDecryption", true);
            json.WriteNumber("MaxResults", PageSize);
        },
        take,
        cancellationToken);

    /// <summary>The names of all parameters below a path that have all of the tags.</summary>
    public async Task<List<string>> NamesAsync(string? path, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await PagesAsync(
            "DescribeParameters",
            "Parameters",
            json =>
            {
                json.WriteStartArray("ParameterFilters");
                foreach (var (key, value) in tags) WriteFilter(json, "tag:" + key, "Equals", value);
                if (!string.IsNullOrEmpty(path)) WriteFilter(json, "Path", "Recursive", path);
                json.WriteEndArray();
                json.WriteNumber("MaxResults", DescriptionPageSize);
            },
            parameter => names.Add(JsonMembers.Text(parameter, "Name") ?? ""),
            cancellationToken).ConfigureAwait(false);
        return names;
    }

    /// <summary>The tags of a parameter; null when there is none of the name.</summary>
    public async Task<SortedDictionary<string, string>?> TagsAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = await aws.SendAsync(
            new("ListTagsForResource", AwsBody.Of(json => WriteResource(json, name))) { Expected = [AwsErrors.InvalidResource] }, cancellationToken).ConfigureAwait(false);
        if (answer.Error is not null) return null;
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in AwsAnswer.Elements(answer.Root, "TagList"))
        {
            if (JsonMembers.Text(tag, "Key") is { } key) tags[key] = JsonMembers.Text(tag, "Value") ?? "";
        }
        return tags;
    }

    /// <summary>A call whose answer nobody needs.</summary>
    /// <param name="expected">A code of an error that is as good as success; null for none.</param>
    public async Task DoAsync(string operation, Action<Utf8JsonWriter> members, CancellationToken cancellationToken, bool carriesValue = false, string? expected = null) =>
        (await aws.SendAsync(new(operation, AwsBody.Of(members)) { CarriesValue = carriesValue, Expected = expected is null ? [] : [expected] }, cancellationToken).ConfigureAwait(false)).Dispose();

    public static void WriteResource(Utf8JsonWriter json, string name)
    {
        json.WriteString("ResourceType", "Parameter");
        json.WriteString("ResourceId", name);
    }

    /// <summary>The value of a parameter; the caller's to zero.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there is none, so it is no answer of Parameter Store.</exception>
    public static byte[] ValueOf(JsonElement parameter) => JsonMembers.Member(parameter, "Value") is { ValueKind: JsonValueKind.String } value
        ? AwsAnswer.Bytes(value)
        : throw new ProviderException(ProviderFailureKind.Invalid, "AWS/ParameterStore answered with no value");

    private static void WriteFilter(Utf8JsonWriter json, string key, string option, string value)
    {
        json.WriteStartObject();
        json.WriteString("Key", key);
        json.WriteString("Option", option);
        json.WriteStrings("Values", [value]);
        json.WriteEndObject();
    }

    private async Task PagesAsync(string operation, string list, Action<Utf8JsonWriter> members, Action<JsonElement> take, CancellationToken cancellationToken)
    {
        var (seen, next) = (0, (string?)null);
        do
        {
            var token = next;
            var body = AwsBody.Of(json =>
            {
                members(json);
                json.WriteIfSet("NextToken", token);
            });
            using var page = await aws.SendAsync(new(operation, body), cancellationToken).ConfigureAwait(false);
            if (JsonMembers.Member(page.Root, list) is not { ValueKind: JsonValueKind.Array } elements)
                throw new ProviderException(ProviderFailureKind.Invalid, $"AWS/ParameterStore, asked to {operation}, answered with something else");
            foreach (var element in elements.EnumerateArray())
            {
                if (++seen > MostParameters) throw new ProviderException(ProviderFailureKind.Invalid, $"the search would look at more than {MostParameters} parameters: narrow it with find.path or find.tags");
                take(element);
            }
            next = JsonMembers.Text(page.Root, "NextToken");
        }
        while (!string.IsNullOrEmpty(next));
    }
}
