using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Aws;

/// <summary>An error as AWS tells it. Only the code decides what happens; the status does not, since emulators and gateways have their own.</summary>
internal sealed partial record AwsError(string Code, string Message)
{
    private const int LongestMessage = 300;

    /// <summary>The error in a body of JSON or, from STS, of XML; null when it is none of AWS's.</summary>
    public static AwsError? Read(ReadOnlyMemory<byte> body) => body.Span is [(byte)'<', ..] ? ReadXml(body) : ReadJson(body);

    private static AwsError? ReadJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (JsonMembers.Member(document.RootElement, "__type") is not { ValueKind: JsonValueKind.String } type) return null;
            var message = JsonMembers.Member(document.RootElement, "message") is { ValueKind: JsonValueKind.String } small ? small : JsonMembers.Member(document.RootElement, "Message");
            return Of(type.GetString()!, message.ValueKind == JsonValueKind.String ? message.GetString()! : "");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AwsError? ReadXml(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var error = XDocument.Load(reader).Descendants().FirstOrDefault(element => element.Name.LocalName == "Error");
            var code = error?.Elements().FirstOrDefault(element => element.Name.LocalName == "Code")?.Value;
            return code is null ? null : Of(code, error!.Elements().FirstOrDefault(element => element.Name.LocalName == "Message")?.Value ?? "");
        }
        catch (XmlException)
        {
            return null;
        }
    }

    // A type may come as "com.amazonaws.secretsmanager#ResourceNotFoundException" or with a colon and an address behind it.
    private static AwsError Of(string type, string message) => new(type[(type.LastIndexOf('#') + 1)..].Split(':')[0], Sanitized(message));

    /// <summary>What changes from call to call would make a new condition each time; what names a credential is nobody's business.</summary>
    private static string Sanitized(string message)
    {
        var text = Changing().Replace(message.ReplaceLineEndings(" "), "").Trim();
        return text.Length <= LongestMessage ? text : text[..LongestMessage] + "…";
    }

    [GeneratedRegex(@",?\s*request\s*id:\s*[\w-]+|\s*Credential=\S*", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Changing();
}
