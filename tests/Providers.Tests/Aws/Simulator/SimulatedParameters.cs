using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>Parameter Store, as https://docs.aws.amazon.com/systems-manager/latest/APIReference/ says.</summary>
internal sealed class SimulatedParameters
{
    private const int PageSize = 2; // smaller than AWS's, so that tests turn pages
    private readonly ConcurrentDictionary<string, SimulatedParameter> all = new();

    /// <summary>Whether answers say which version or label was asked for; some that stand in for AWS leave it out.</summary>
    public bool SaysSelectors { get; set; } = true;

    /// <summary>Null when there is none.</summary>
    public SimulatedParameter? Find(string name) => all.GetValueOrDefault(name);

    public SimulatedParameter Put(string name, string value, params (string Key, string Value)[] tags)
    {
        var parameter = all.GetOrAdd(name, key => new SimulatedParameter(key));
        parameter.Values.Add(value);
        foreach (var (key, tag) in tags) parameter.Tags[key] = tag;
        return parameter;
    }

    public JsonObject Answer(string operation, JsonObject body) => operation switch
    {
        "GetParameter" => new JsonObject { ["Parameter"] = Get((string)body["Name"]!) },
        "GetParameters" => GetMany(body["Names"]!.AsArray().Select(name => (string)name!).ToList()),
        "GetParametersByPath" => Page(body, all.Values.Where(parameter => IsBelow(parameter.Name, (string)body["Path"]!)), parameter => Shape(parameter, parameter.Values.Count, "")),
        "DescribeParameters" => Page(body, all.Values.Where(parameter => (body["ParameterFilters"]?.AsArray() ?? []).All(filter => Matches(parameter, filter!))), parameter => new JsonObject { ["Name"] = parameter.Name }),
        "ListTagsForResource" => new JsonObject { ["TagList"] = new JsonArray([.. Resource(body).Tags.Select(tag => (JsonNode)new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]) },
        "AddTagsToResource" => Tag(Resource(body), body),
        "RemoveTagsFromResource" => Untag(Resource(body), body),
        "PutParameter" => Put(body),
        "DeleteParameter" => all.TryRemove((string)body["Name"]!, out _) ? [] : throw new AwsSimulatedException("ParameterNotFound"),
        _ => throw new AwsSimulatedException("UnknownOperationException"),
    };

    private JsonObject Get(string selector)
    {
        var colon = selector.IndexOf(':', StringComparison.Ordinal);
        if (!all.TryGetValue(colon < 0 ? selector : selector[..colon], out var parameter)) throw new AwsSimulatedException("ParameterNotFound");
        if (colon < 0) return Shape(parameter, parameter.Values.Count, "");
        var wanted = selector[(colon + 1)..];
        var version = int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : parameter.Labels.GetValueOrDefault(wanted);
        if (version < 1 || version > parameter.Values.Count) throw new AwsSimulatedException("ParameterVersionNotFound", "there is no such version");
        return Shape(parameter, version, selector[colon..]);
    }

    private JsonObject GetMany(List<string> names)
    {
        if (names.Count > 10) throw new AwsSimulatedException("ValidationException");
        var (found, invalid) = (new JsonArray(), new JsonArray());
        foreach (var name in names)
        {
            try
            {
                found.Add(Get(name));
            }
            catch (AwsSimulatedException)
            {
                invalid.Add(name);
            }
        }
        return new JsonObject { ["Parameters"] = found, ["InvalidParameters"] = invalid };
    }

    private JsonObject Shape(SimulatedParameter parameter, int version, string selector)
    {
        var shape = new JsonObject { ["Name"] = parameter.Name, ["Type"] = parameter.Type, ["Value"] = parameter.Values[version - 1], ["Version"] = version };
        if (SaysSelectors && selector.Length > 0) shape["Selector"] = selector;
        return shape;
    }

    private static JsonObject Page(JsonObject body, IEnumerable<SimulatedParameter> matching, Func<SimulatedParameter, JsonObject> shape)
    {
        var sorted = matching.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).ToList();
        var start = int.Parse((string?)body["NextToken"] ?? "0", CultureInfo.InvariantCulture);
        var answer = new JsonObject { ["Parameters"] = new JsonArray([.. sorted.Skip(start).Take(PageSize).Select(parameter => (JsonNode)shape(parameter))]) };
        if (start + PageSize < sorted.Count) answer["NextToken"] = (start + PageSize).ToString(CultureInfo.InvariantCulture);
        return answer;
    }

    private static bool IsBelow(string name, string path) => path == "/" || name.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static bool Matches(SimulatedParameter parameter, JsonNode filter)
    {
        var (key, value) = ((string)filter["Key"]!, (string)filter["Values"]![0]!);
        if (key == "Path") return IsBelow(parameter.Name, value);
        return key.StartsWith("tag:", StringComparison.Ordinal) && parameter.Tags.TryGetValue(key[4..], out var tag) && tag == value;
    }

    private SimulatedParameter Resource(JsonObject body) => all.GetValueOrDefault((string)body["ResourceId"]!) ?? throw new AwsSimulatedException("InvalidResourceId");

    private JsonObject Put(JsonObject body)
    {
        var name = (string)body["Name"]!;
        var overwrites = (bool?)body["Overwrite"] == true;
        if (overwrites && body["Tags"] is not null) throw new AwsSimulatedException("ValidationException", "tags and overwrite can't be used together");
        if (!overwrites && all.ContainsKey(name)) throw new AwsSimulatedException("ParameterAlreadyExists");
        var parameter = Put(name, (string)body["Value"]!);
        parameter.Type = (string)body["Type"]!;
        foreach (var tag in body["Tags"]?.AsArray() ?? []) parameter.Tags[(string)tag!["Key"]!] = (string)tag["Value"]!;
        return new JsonObject { ["Version"] = parameter.Values.Count };
    }

    private static JsonObject Tag(SimulatedParameter parameter, JsonObject body)
    {
        foreach (var tag in body["Tags"]!.AsArray()) parameter.Tags[(string)tag!["Key"]!] = (string)tag["Value"]!;
        return [];
    }

    private static JsonObject Untag(SimulatedParameter parameter, JsonObject body)
    {
        foreach (var key in body["TagKeys"]!.AsArray()) parameter.Tags.Remove((string)key!);
        return [];
    }
}
