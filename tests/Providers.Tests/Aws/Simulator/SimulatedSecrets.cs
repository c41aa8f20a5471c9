using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>Secrets Manager, as https://docs.aws.amazon.com/secretsmanager/latest/apireference/ says.</summary>
internal sealed class SimulatedSecrets(TimeProvider time)
{
    private const int PageSize = 2; // smaller than AWS's, so that tests turn pages
    private readonly ConcurrentDictionary<string, SimulatedSecret> all = new();

    /// <summary>Null when there is none.</summary>
    public SimulatedSecret? Find(string name) => all.GetValueOrDefault(name);

    public SimulatedSecret Put(string name, string text, params (string Key, string Value)[] tags) => Add(name, text, null, tags);

    public SimulatedSecret PutBytes(string name, byte[] bytes) => Add(name, null, Convert.ToBase64String(bytes), []);

    public JsonObject Answer(string operation, JsonObject body)
    {
        if (operation is "ListSecrets") return List(body);
        if (operation is "BatchGetSecretValue") return Batch(body);
        if (operation is "CreateSecret") return Create(body);
        var secret = Lookup((string)body["SecretId"]!) ?? throw new AwsSimulatedException("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
        if (operation is not ("DescribeSecret" or "RestoreSecret" or "DeleteSecret") && secret.DeletedAt is not null)
            throw new AwsSimulatedException("InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion.");
        return operation switch
        {
            "GetSecretValue" => Get(secret, (string?)body["VersionId"], (string?)body["VersionStage"]),
            "DescribeSecret" => Describe(secret),
            "PutSecretValue" => Put(secret, body),
            "TagResource" => Change(() => { foreach (var tag in body["Tags"]!.AsArray()) secret.Tags[(string)tag!["Key"]!] = (string)tag["Value"]!; }),
            "UntagResource" => Change(() => { foreach (var key in body["TagKeys"]!.AsArray()) secret.Tags.Remove((string)key!); }),
            "GetResourcePolicy" => new JsonObject { ["Name"] = secret.Name, ["ResourcePolicy"] = secret.Policy },
            "PutResourcePolicy" => Change(() => secret.Policy = (string)body["ResourcePolicy"]!),
            "DeleteResourcePolicy" => Change(() => secret.Policy = null),
            "ReplicateSecretToRegions" => Change(() => secret.Replicas.UnionWith(Regions(body))),
            "RemoveRegionsFromReplication" => Change(() => secret.Replicas.ExceptWith(body["RemoveReplicaRegions"]!.AsArray().Select(region => (string)region!))),
            "RestoreSecret" => Change(() => secret.DeletedAt = null),
            "DeleteSecret" => Delete(secret, body),
            _ => throw new AwsSimulatedException("UnknownOperationException"),
        };
    }

    private SimulatedSecret Add(string name, string? text, string? binary, (string Key, string Value)[] tags)
    {
        var secret = all.GetOrAdd(name, key => new SimulatedSecret(key));
        secret.Versions.Add((Guid.NewGuid().ToString(), text, binary));
        foreach (var (key, value) in tags) secret.Tags[key] = value;
        return secret;
    }

    private SimulatedSecret? Lookup(string id) => all.GetValueOrDefault(id) ?? all.Values.FirstOrDefault(secret => secret.Arn == id);

    private JsonObject Create(JsonObject body)
    {
        var name = (string)body["Name"]!;
        if (all.TryGetValue(name, out var old)) throw old.DeletedAt is null ? new AwsSimulatedException("ResourceExistsException") : new AwsSimulatedException("InvalidRequestException", "already scheduled for deletion");
        var secret = all[name] = new SimulatedSecret(name) { Key = (string?)body["KmsKeyId"], Description = (string?)body["Description"] };
        foreach (var tag in body["Tags"]?.AsArray() ?? []) secret.Tags[(string)tag!["Key"]!] = (string)tag["Value"]!;
        secret.Replicas.UnionWith(Regions(body));
        return Put(secret, body);
    }

    private static JsonObject Put(SimulatedSecret secret, JsonObject body)
    {
        var (text, binary) = (body["SecretString"]?.DeepClone(), body["SecretBinary"]?.DeepClone());
        if (text is null == binary is null) throw new AwsSimulatedException("InvalidParameterException");
        secret.Versions.Add(((string)body["ClientRequestToken"]!, text, binary));
        return new JsonObject { ["ARN"] = secret.Arn, ["Name"] = secret.Name };
    }

    private static JsonObject Get(SimulatedSecret secret, string? id, string? stage)
    {
        var index = id is not null ? secret.Versions.FindIndex(version => version.Id == id) : stage is null or "AWSCURRENT" ? secret.Versions.Count - 1 : stage == "AWSPREVIOUS" ? secret.Versions.Count - 2 : -1;
        if (index < 0) throw new AwsSimulatedException("ResourceNotFoundException", "Secrets Manager can't find the specified secret value.");
        return ValueOf(secret, index);
    }

    private static JsonObject ValueOf(SimulatedSecret secret, int index)
    {
        var (id, text, binary) = secret.Versions[index];
        var value = new JsonObject { ["ARN"] = secret.Arn, ["Name"] = secret.Name, ["VersionId"] = id };
        if (text is not null) value["SecretString"] = text.DeepClone();
        else value["SecretBinary"] = binary!.DeepClone();
        return value;
    }

    private static JsonObject Describe(SimulatedSecret secret) => new()
    {
        ["ARN"] = secret.Arn,
        ["Name"] = secret.Name,
        ["KmsKeyId"] = secret.Key,
        ["Description"] = secret.Description,
        ["Tags"] = new JsonArray([.. secret.Tags.Select(tag => (JsonNode)new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]),
        ["DeletedDate"] = secret.DeletedAt?.ToUnixTimeSeconds(),
        ["ReplicationStatus"] = new JsonArray([.. secret.Replicas.Select(region => (JsonNode)new JsonObject { ["Region"] = region, ["Status"] = "InSync" })]),
    };

    private JsonObject List(JsonObject body)
    {
        var matching = all.Values.Where(secret => secret.DeletedAt is null).Where(secret => (body["Filters"]?.AsArray() ?? []).All(filter => Matches(secret, filter!))).OrderBy(secret => secret.Name, StringComparer.Ordinal).ToList();
        var start = int.Parse((string?)body["NextToken"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var answer = new JsonObject { ["SecretList"] = new JsonArray([.. matching.Skip(start).Take(PageSize).Select(secret => (JsonNode)Describe(secret))]) };
        if (start + PageSize < matching.Count) answer["NextToken"] = (start + PageSize).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return answer;
    }

    private static bool Matches(SimulatedSecret secret, JsonNode filter)
    {
        var value = (string)filter["Values"]![0]!;
        return (string)filter["Key"]! switch
        {
            "name" => secret.Name.StartsWith(value, StringComparison.Ordinal),
            "tag-key" => secret.Tags.Keys.Any(key => key.StartsWith(value, StringComparison.Ordinal)),
            "tag-value" => secret.Tags.Values.Any(tag => tag.StartsWith(value, StringComparison.Ordinal)),
            _ => throw new AwsSimulatedException("InvalidParameterException"),
        };
    }

    private JsonObject Batch(JsonObject body)
    {
        var (values, errors) = (new JsonArray(), new JsonArray());
        var ids = body["SecretIdList"]!.AsArray().Select(id => (string)id!).ToList();
        if (ids.Count > 20) throw new AwsSimulatedException("InvalidParameterException");
        foreach (var id in ids)
        {
            var secret = Lookup(id);
            if (secret?.DeletedAt is not null) errors.Add(new JsonObject { ["SecretId"] = id, ["ErrorCode"] = "InvalidRequestException", ["Message"] = "marked for deletion" });
            else if (secret is null) errors.Add(new JsonObject { ["SecretId"] = id, ["ErrorCode"] = "ResourceNotFoundException", ["Message"] = "can't find" });
            else values.Add(ValueOf(secret, secret.Versions.Count - 1));
        }
        return new JsonObject { ["SecretValues"] = values, ["Errors"] = errors };
    }

    private JsonObject Delete(SimulatedSecret secret, JsonObject body)
    {
        if (secret.Replicas.Count > 0) throw new AwsSimulatedException("InvalidRequestException", "You can't delete a secret that still has replica regions.");
        if ((bool?)body["ForceDeleteWithoutRecovery"] == true) all.TryRemove(secret.Name, out _);
        else secret.DeletedAt = time.GetUtcNow() + TimeSpan.FromDays((int?)body["RecoveryWindowInDays"] ?? 30);
        return [];
    }

    private static IEnumerable<string> Regions(JsonObject body) => (body["AddReplicaRegions"]?.AsArray() ?? []).Select(region => (string)region!["Region"]!);

    private static JsonObject Change(Action change)
    {
        change();
        return [];
    }
}
