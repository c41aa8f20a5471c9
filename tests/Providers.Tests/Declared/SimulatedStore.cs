using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GitOpsSecrets.Providers.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>
/// A store that keeps what it is given and speaks as a recording's <c>contract</c> or <c>trouble</c> says: a route is a request with <c>{key}</c> in it, which may have to hold a text or be <c>open</c> to all, and
/// answers for keys that are there and that are not. In the answers <c>{key}</c> and <c>{value}</c> stand for what is kept, <c>{password}</c> for that member of it.
/// </summary>
internal sealed class SimulatedStore(JsonObject contract)
{
    private readonly ConcurrentDictionary<string, string> kept = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, bool> ended = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> awaited = new(StringComparer.Ordinal);
    private volatile bool proven = true;

    public void Put(string key, string value) => kept[key] = value;

    /// <summary>Keys with such a value.</summary>
    public int Count(string value) => kept.Values.Count(one => one == value);

    /// <summary>Refuses everybody until somebody comes with one of the new credentials, and then still those who come with an old one.</summary>
    public void Replace(string old, string @new)
    {
        ended[old] = true;
        awaited[@new] = true;
        proven = false;
    }

    public async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var isLetIn = IsLetIn(context, body);
        var target = $"{context.Request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}";
        foreach (var route in contract["routes"]!.AsArray())
        {
            if (Key(route!, target, body) is not { } key || (!isLetIn && route!["open"] is null)) continue;
            var (answer, content) = Answer(route!.AsObject(), key, body);
            context.Response.StatusCode = int.Parse(answer["status"]?.ToString() ?? "200", CultureInfo.InvariantCulture);
            foreach (var (name, value) in answer["headers"]?.AsObject() ?? []) context.Response.Headers[name] = value!.ToString();
            if (content is not null) await context.Response.WriteAsync(Recordings.Placed(content, new Uri($"https://{context.Request.Host}")), context.RequestAborted);
            return;
        }

        context.Response.StatusCode = isLetIn ? StatusCodes.Status501NotImplemented : StatusCodes.Status401Unauthorized;
        await context.Response.WriteAsync("{}", context.RequestAborted);
    }

    private bool IsLetIn(HttpContext context, string body)
    {
        if (ended.IsEmpty) return true;
        var shown = string.Join('\n', [RecordedKeys.Read(Uri.UnescapeDataString(body.Replace('+', ' '))), .. context.Request.Headers.Select(header => Plain(header.Value.ToString())), Uri.UnescapeDataString(context.Request.Path + context.Request.QueryString), RecordedKeys.SignerOf(context.Request)]);
        if (awaited.Keys.Any(shown.Contains)) proven = true;
        return proven && !ended.Keys.Any(shown.Contains);
    }

    private static string Plain(string header) =>
        header.StartsWith("Basic ", StringComparison.Ordinal) ? Uri.UnescapeDataString(Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..]))) : RecordedKeys.Read(header);

    /// <summary>Null where the request is another one.</summary>
    private static string? Key(JsonNode route, string target, string body)
    {
        var pattern = "^" + Regex.Escape(route["request"]!.ToString()).Replace("\\{key}", "(?<key>[^/&?]+)", StringComparison.Ordinal) + "$";
        var match = Regex.Match(target, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        if (!match.Success || (route["holds"] is { } text && !body.Contains(text.ToString(), StringComparison.Ordinal))) return null;
        if (route["keyAt"] is { } path) return Found(body, path.ToString());
        return Uri.UnescapeDataString(match.Groups["key"].Value);
    }

    private (JsonNode Answer, string? Content) Answer(JsonObject route, string key, string body)
    {
        if (route["put"] is { } put) kept[route["put"]!["key"] is { } at ? Found(body, at.ToString())! : key] = Decoded(put, Found(body, put["value"]!.ToString())!);
        if (route["drop"] is not null) kept.TryRemove(key, out _);
        var answer = route["answer"] ?? (kept.ContainsKey(key) ? route["found"]! : route["missing"]!);
        var value = kept.GetValueOrDefault(key) ?? "";
        var content = answer["body"] is { } template ? Filled(template, key, value) : null;
        return (answer, content is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : content?.ToJsonString());
    }

    private JsonNode Filled(JsonNode template, string key, string value) => template switch
    {
        JsonObject { Count: 1 } list when list["{items}"] is { } item => new JsonArray([.. kept.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Filled(item, pair.Key, pair.Value))]),
        JsonObject { Count: 1 } map when map["{all}"] is not null => new JsonObject(kept.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        JsonObject { Count: 1 } list when list["{pairs}"] is { } item => new JsonArray([.. Pairs(value).Select(pair => Filled(item, pair.Key, pair.Value))]),
        JsonObject json => new JsonObject(json.Select(member => KeyValuePair.Create(member.Key.Replace("{key}", key, StringComparison.Ordinal), member.Value is null ? null : (JsonNode?)Filled(member.Value, key, value)))),
        JsonArray array => new JsonArray([.. array.Select(item => item is null ? null : Filled(item, key, value))]),
        _ when template.GetValueKind() != JsonValueKind.String => template.DeepClone(),
        _ => template.ToString() switch
        {
            "{value:json}" => JsonNode.Parse(value)!,
            "{value:base64}" => JsonValue.Create(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)))!,
            "{key:encrypted}" => JsonValue.Create(RecordedKeys.Encrypted(key, contract["passphrase"]!.ToString()))!,
            "{value:encrypted}" => JsonValue.Create(RecordedKeys.Encrypted(value, contract["passphrase"]!.ToString()))!,
            "{password}" => JsonNode.Parse(value)!["password"]!.DeepClone(),
            var text => JsonValue.Create(text.Replace("{key}", key, StringComparison.Ordinal).Replace("{value}", value, StringComparison.Ordinal))!,
        },
    };

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string value) =>
        value.StartsWith('{') ? JsonNode.Parse(value)!.AsObject().Select(member => KeyValuePair.Create(member.Key, member.Value!.ToString())) : [KeyValuePair.Create("password", value)];

    private static string Decoded(JsonNode put, string value) => put["sealed"] is not null ? RecordedKeys.Open(value)! : put["base64"] is null ? value : Encoding.UTF8.GetString(Convert.FromBase64String(value));

    private static string? Found(string body, string path)
    {
        using var run = new GjsonRun();
        var found = Gjson.Find(Encoding.UTF8.GetBytes(body), path, run);
        return found.Exists ? Encoding.UTF8.GetString(found.ToText()) : null;
    }
}
