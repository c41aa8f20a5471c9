using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Addresses;

/// <summary>URLs as dictionaries and back.</summary>
internal static class UrlFunctions
{
    public static GoFunction[] All { get; } = [new("urlParse", "string", Parse), new("urlJoin", "map", Join)];

    private static GoMap Parse(Call call)
    {
        GoUrl url;
        try
        {
            url = GoUrl.Parse(call.Text(0));
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"unable to parse url: {e.Message}");
        }

        var map = GoMap.OfAny();
        map.Entries[GoString.Of("scheme")] = GoString.Of(url.Scheme);
        map.Entries[GoString.Of("host")] = url.Host;
        map.Entries[GoString.Of("hostname")] = url.HostName;
        map.Entries[GoString.Of("path")] = url.Path;
        map.Entries[GoString.Of("query")] = url.Query;
        map.Entries[GoString.Of("opaque")] = url.Opaque;
        map.Entries[GoString.Of("fragment")] = url.Fragment;
        map.Entries[GoString.Of("userinfo")] = GoString.Of(url.UserInfo);
        return map;
    }

    private static GoString Join(Call call)
    {
        var map = call.Map(0);
        var url = new GoUrl
        {
            Scheme = Part(map, "scheme").ToText(),
            Host = Part(map, "host"),
            Path = Part(map, "path"),
            Query = Part(map, "query"),
            Opaque = Part(map, "opaque"),
            Fragment = Part(map, "fragment"),
        };
        var userInfo = Part(map, "userinfo");
        if (userInfo.Length > 0)
        {
            try
            {
                var parsed = GoUrl.Parse(GoString.Of($"proto://{userInfo.ToText()}@host"));
                url = url with { User = parsed.User, Password = parsed.Password };
            }
            catch (FunctionException e)
            {
                throw new FunctionException($"unable to parse userinfo in dict: {e.Message}");
            }
        }

        return GoString.Of(url.ToString());
    }

    private static GoString Part(GoMap map, string key) => map.Entries.GetValueOrDefault(GoString.Of(key)) switch
    {
        null => GoString.Empty,
        GoString text => text,
        GoNil => throw new FunctionException("runtime error: invalid memory address or nil pointer dereference"),
        var other => throw new FunctionException($"unable to parse {key} key, must be of type string, but {GoKinds.Name(other)} found"),
    };
}
