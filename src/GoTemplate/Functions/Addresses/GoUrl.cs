using System.Globalization;
using GitOpsSecrets.GoTemplate.Execution;
using GitOpsSecrets.GoTemplate.Formatting;
using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Functions.Addresses;

/// <summary>Go's net/url: the parts of a URL, unescaped.</summary>
internal sealed record GoUrl
{
    private const string Unreserved = "-_.~";

    public string Scheme { get; init; } = "";

    public GoString Opaque { get; init; } = GoString.Empty;

    public GoString? User { get; init; }

    public GoString? Password { get; init; }

    public GoString Host { get; init; } = GoString.Empty;

    public GoString Path { get; init; } = GoString.Empty;

    public GoString Query { get; init; } = GoString.Empty;

    public GoString Fragment { get; init; } = GoString.Empty;

    public GoString HostName
    {
        get
        {
            var host = Host.ToText();
            var colon = host.LastIndexOf(':');
            var name = colon > host.LastIndexOf(']') ? host[..colon] : host;
            return GoString.Of(name.StartsWith('[') && name.EndsWith(']') ? name[1..^1] : name);
        }
    }

    public string UserInfo => User is null ? "" : Escape(User, "$&+,;=") + (Password is null ? "" : ":" + Escape(Password, "$&+,;="));

    /// <exception cref="FunctionException">Not a URL; the message is Go's.</exception>
    public static GoUrl Parse(GoString text)
    {
        try
        {
            return ParseParts(text.ToText());
        }
        catch (FunctionException e)
        {
            throw new FunctionException($"parse {GoQuote.Quote(text)}: {e.Message}");
        }
    }

    public override string ToString()
    {
        var scheme = Scheme.Length > 0 ? Scheme + ":" : "";
        var tail = (Query.Length > 0 ? "?" + Query.ToText() : "") + (Fragment.Length > 0 ? "#" + Escape(Fragment, "$&+,/:;=?@!()*") : "");
        if (Opaque.Length > 0)
        {
            return scheme + Opaque.ToText() + tail;
        }

        var authority = "";
        if (Scheme.Length > 0 || Host.Length > 0 || User is not null)
        {
            authority = Host.Length > 0 || Path.Length > 0 || User is not null ? "//" : "";
            authority += User is null ? "" : UserInfo + "@";
            authority += Escape(Host, "!$&'()*+,;=:[]<>\"");
        }

        var path = Path.ToText() == "*" ? "*" : Escape(Path, "$&+,/:;=@");
        path = path.Length > 0 && path[0] != '/' && Host.Length > 0 ? "/" + path : path;
        var prefix = scheme + authority;
        var needsDot = prefix.Length == 0 && path.Split('/')[0].Contains(':', StringComparison.Ordinal);
        return prefix + (needsDot ? "./" : "") + path + tail;
    }

    private static GoUrl ParseParts(string text)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var fragment = hash < 0 ? "" : text[(hash + 1)..];
        var rest = hash < 0 ? text : text[..hash];
        if (rest.Any(c => c is < ' ' or '\x7f'))
        {
            throw new FunctionException("net/url: invalid control character in URL");
        }

        var scheme = TakeScheme(ref rest);
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var url = new GoUrl
        {
            Scheme = scheme,
            Fragment = Unescape(fragment),
            Query = GoString.Of(question < 0 ? "" : rest[(question + 1)..]),
        };
        rest = question < 0 ? rest : rest[..question];
        if (!rest.StartsWith('/'))
        {
            if (scheme.Length > 0)
            {
                return url with { Opaque = GoString.Of(rest) };
            }

            if (rest.Split('/')[0].Contains(':', StringComparison.Ordinal))
            {
                throw new FunctionException("first path segment in URL cannot contain colon");
            }
        }

        if (rest.StartsWith("//", StringComparison.Ordinal) && (scheme.Length > 0 || !rest.StartsWith("///", StringComparison.Ordinal)))
        {
            var slash = rest.IndexOf('/', 2);
            url = url.WithAuthority(slash < 0 ? rest[2..] : rest[2..slash]);
            rest = slash < 0 ? "" : rest[slash..];
        }

        return url with { Path = Unescape(rest) };
    }

    private static string TakeScheme(ref string rest)
    {
        var length = rest.TakeWhile((c, i) => char.IsAsciiLetter(c) || (i > 0 && (char.IsAsciiDigit(c) || c is '+' or '-' or '.'))).Count();
        if (length >= rest.Length || rest[length] != ':')
        {
            return "";
        }

        if (length == 0)
        {
            throw new FunctionException("missing protocol scheme");
        }

        var scheme = rest[..length].ToLowerInvariant();
        rest = rest[(length + 1)..];
        return scheme;
    }

    private GoUrl WithAuthority(string authority)
    {
        var at = authority.LastIndexOf('@');
        var host = ParseHost(authority[(at + 1)..]);
        if (at < 0)
        {
            return this with { Host = host };
        }

        var userInfo = authority[..at];
        if (userInfo.Any(c => !char.IsAsciiLetterOrDigit(c) && !"-._:~!$&'()*+,;=%@".Contains(c, StringComparison.Ordinal)))
        {
            throw new FunctionException("net/url: invalid userinfo");
        }

        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        return this with
        {
            Host = host,
            User = Unescape(colon < 0 ? userInfo : userInfo[..colon]),
            Password = colon < 0 ? null : Unescape(userInfo[(colon + 1)..]),
        };
    }

    private static GoString ParseHost(string host)
    {
        var bracket = host.LastIndexOf(']');
        if (host.StartsWith('[') && bracket < 0)
        {
            throw new FunctionException("missing ']' in host");
        }

        var port = host.StartsWith('[') ? host[(bracket + 1)..] : host.LastIndexOf(':') is >= 0 and var colon ? host[colon..] : "";
        if (port.Length > 0 && (port[0] != ':' || port.AsSpan(1).IndexOfAnyExceptInRange('0', '9') >= 0))
        {
            throw new FunctionException($"invalid port {GoQuote.Quote(port)} after host");
        }

        if (host.FirstOrDefault(c => c < 0x80 && !char.IsAsciiLetterOrDigit(c) && !"-_.~!$&'()*+,;=:[]<>\"%".Contains(c, StringComparison.Ordinal)) is not '\0' and var invalid)
        {
            throw new FunctionException($"invalid character {GoQuote.Quote(invalid.ToString())} in host name");
        }

        return Unescape(host);
    }

    private static GoString Unescape(string text)
    {
        var builder = new ByteBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                builder.Append(text.Substring(i, length));
                i += length - 1;
                continue;
            }

            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                throw new FunctionException($"invalid URL escape {GoQuote.Quote(text.Substring(i, Math.Min(3, text.Length - i)))}");
            }

            builder.Append(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            i += 2;
        }

        return builder.ToGoString();
    }

    private static string Escape(GoString text, string allowed)
    {
        var builder = new ByteBuilder();
        foreach (var value in text.Span)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || Unreserved.Contains((char)value, StringComparison.Ordinal) || allowed.Contains((char)value, StringComparison.Ordinal))
            {
                builder.Append(value);
            }
            else
            {
                builder.Append(string.Create(CultureInfo.InvariantCulture, $"%{value:X2}"));
            }
        }

        return builder.ToGoString().ToText();
    }
}
