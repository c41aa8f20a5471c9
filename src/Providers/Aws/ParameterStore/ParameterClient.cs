using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;

namespace GitOpsSecrets.Providers.Aws.ParameterStore;

/// <summary>The calls of Parameter Store that we make (https://docs.aws.amazon.com/systems-manager/latest/APIReference/).</summary>
internal sealed class ParameterClient(AwsClient<ParameterClient.Library> aws)
{
    public const int BatchSize = 10;
    private const int PageSize = 10;
    private const int DescriptionPageSize = 50;
    private const int MostParameters = 20_000;

    /// <returns>Null when there is no such parameter.</returns>
    /// <param name="name">May end in <c>:</c> and a version or label.</param>
    public async Task<Parameter?> GetAsync(string name, CancellationToken cancellationToken)
    {
        var request = new GetParameterRequest { Name = name, WithDecryption = true };
        var answer = await aws.CallAsync("GetParameter", (ssm, stop) => ssm.GetParameterAsync(request, stop), cancellationToken, absent: AwsErrors.ParameterNotFound).ConfigureAwait(false);
        return answer is null ? null : answer.Parameter ?? throw aws.Foreign("GetParameter");
    }

    /// <summary>Up to <see cref="BatchSize"/> parameters; those that are not there are in <c>InvalidParameters</c>.</summary>
    public async Task<GetParametersResponse> GetManyAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var request = new GetParametersRequest { Names = [.. names], WithDecryption = true };
        var answer = await aws.CallAsync("GetParameters", (ssm, stop) => ssm.GetParametersAsync(request, stop), cancellationToken).ConfigureAwait(false);
        return answer is { Parameters: null, InvalidParameters: null } ? throw aws.Foreign("GetParameters") : answer!;
    }

    /// <summary>Hands over every parameter below a path, however deep.</summary>
    public Task ByPathAsync(string path, Action<Parameter> take, CancellationToken cancellationToken)
    {
        var request = new GetParametersByPathRequest { Path = path, Recursive = true, WithDecryption = true, MaxResults = PageSize };
        return PagesAsync(
            "GetParametersByPath",
            async (ssm, next, stop) =>
            {
                request.NextToken = next;
                var page = await ssm.GetParametersByPathAsync(request, stop).ConfigureAwait(false);
                return new Page<Parameter>(page.Parameters, page.NextToken);
            },
            take,
            cancellationToken);
    }

    /// <summary>The names of all parameters below a path that have all of the tags.</summary>
    public async Task<List<string>> NamesAsync(string? path, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        var request = new DescribeParametersRequest { ParameterFilters = [.. tags.Select(tag => Filter("tag:" + tag.Key, "Equals", tag.Value))], MaxResults = DescriptionPageSize };
        if (!string.IsNullOrEmpty(path)) request.ParameterFilters.Add(Filter("Path", "Recursive", path));
        var names = new List<string>();
        await PagesAsync(
            "DescribeParameters",
            async (ssm, next, stop) =>
            {
                request.NextToken = next;
                var page = await ssm.DescribeParametersAsync(request, stop).ConfigureAwait(false);
                return new Page<ParameterMetadata>(page.Parameters, page.NextToken);
            },
            parameter => names.Add(parameter.Name ?? ""),
            cancellationToken).ConfigureAwait(false);
        return names;
    }

    /// <summary>The tags of a parameter; null when there is none of the name.</summary>
    public async Task<SortedDictionary<string, string>?> TagsAsync(string name, CancellationToken cancellationToken)
    {
        var request = new ListTagsForResourceRequest { ResourceType = ResourceTypeForTagging.Parameter, ResourceId = name };
        var answer = await aws.CallAsync("ListTagsForResource", (ssm, stop) => ssm.ListTagsForResourceAsync(request, stop), cancellationToken, absent: AwsErrors.InvalidResource).ConfigureAwait(false);
        if (answer is null) return null;
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in answer.TagList ?? throw aws.Foreign("ListTagsForResource"))
        {
            if (tag.Key is not null) tags[tag.Key] = tag.Value ?? "";
        }
        return tags;
    }

    public async Task PutAsync(PutParameterRequest request, CancellationToken cancellationToken)
    {
        var answer = await aws.CallAsync("PutParameter", (ssm, stop) => ssm.PutParameterAsync(request, stop), cancellationToken, carriesValue: true).ConfigureAwait(false);
        if (answer!.Version is null or 0) throw aws.Foreign("PutParameter");
    }

    /// <summary>Fine when it is gone already.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var request = new DeleteParameterRequest { Name = name };
        return aws.CallAsync("DeleteParameter", (ssm, stop) => ssm.DeleteParameterAsync(request, stop), cancellationToken, absent: AwsErrors.ParameterNotFound);
    }

    public Task AddTagsAsync(string name, IEnumerable<KeyValuePair<string, string>> tags, CancellationToken cancellationToken)
    {
        var request = new AddTagsToResourceRequest { ResourceType = ResourceTypeForTagging.Parameter, ResourceId = name, Tags = TagsOf(tags) };
        return aws.CallAsync("AddTagsToResource", (ssm, stop) => ssm.AddTagsToResourceAsync(request, stop), cancellationToken);
    }

    public Task RemoveTagsAsync(string name, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var request = new RemoveTagsFromResourceRequest { ResourceType = ResourceTypeForTagging.Parameter, ResourceId = name, TagKeys = [.. keys] };
        return aws.CallAsync("RemoveTagsFromResource", (ssm, stop) => ssm.RemoveTagsFromResourceAsync(request, stop), cancellationToken);
    }

    public static List<Tag> TagsOf(IEnumerable<KeyValuePair<string, string>> tags) => [.. tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];

    /// <summary>The value of a parameter; the caller's to zero, which nobody can do with the SDK's string.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: there is none, so it is no answer of Parameter Store.</exception>
    public static byte[] ValueOf(Parameter parameter) => Encoding.UTF8.GetBytes(parameter.Value ?? throw new ProviderException(ProviderFailureKind.Invalid, "AWS/ParameterStore answered with no value"));

    private static ParameterStringFilter Filter(string key, string option, string value) => new() { Key = key, Option = option, Values = [value] };

    private async Task PagesAsync<TItem>(string operation, Func<Library, string?, CancellationToken, Task<Page<TItem>>> call, Action<TItem> take, CancellationToken cancellationToken)
    {
        var (seen, next) = (0, (string?)null);
        do
        {
            var token = next;
            var page = await aws.CallAsync(operation, (ssm, stop) => call(ssm, token, stop), cancellationToken).ConfigureAwait(false);
            foreach (var item in page!.Items ?? throw aws.Foreign(operation))
            {
                if (++seen > MostParameters) throw new ProviderException(ProviderFailureKind.Invalid, $"the search would look at more than {MostParameters} parameters: narrow it with find.path or find.tags");
                take(item);
            }
            next = page.Next;
        }
        while (!string.IsNullOrEmpty(next));
    }

    /// <summary>The SDK's client.</summary>
    public sealed class Library(AWSCredentials credentials, AmazonSimpleSystemsManagementConfig settings) : AmazonSimpleSystemsManagementClient(credentials, settings)
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            AwsPipeline.Adapt(pipeline, Config);
        }
    }

    private sealed record Page<TItem>(List<TItem>? Items, string? Next);
}
