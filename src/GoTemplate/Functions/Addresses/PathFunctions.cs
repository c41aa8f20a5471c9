using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Addresses;

/// <summary>Go's package path: slashes only. The <c>os…</c> forms are the same on Linux, where the controllers run.</summary>
internal static class PathFunctions
{
    public static GoFunction[] All { get; } =
    [
        .. Both("base", path => GoString.Of(Base(path))),
        .. Both("dir", path => GoString.Of(Clean(path[..(path.LastIndexOf('/') + 1)]))),
        .. Both("clean", path => GoString.Of(Clean(path))),
        .. Both("ext", path => GoString.Of(Extension(path))),
        .. Both("isAbs", path => GoBool.Of(path.StartsWith('/'))),
    ];

    private static GoFunction[] Both(string name, Func<string, GoValue> body) =>
    [
        new(name, "string", call => body(call.Text(0).ToText())),
        new("os" + char.ToUpperInvariant(name[0]) + name[1..], "string", call => body(call.Text(0).ToText())),
    ];

    private static string Base(string path)
    {
        var trimmed = path.TrimEnd('/');
        return path.Length == 0 ? "." : trimmed.Length == 0 ? "/" : trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    private static string Extension(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        return dot < 0 ? "" : name[dot..];
    }

    private static string Clean(string path)
    {
        var isRooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part == ".." ? !isRooted : part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        var cleaned = (isRooted ? "/" : "") + string.Join('/', parts);
        return cleaned.Length == 0 ? "." : cleaned;
    }
}
