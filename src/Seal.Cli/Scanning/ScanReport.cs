using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace GitOpsSecrets.Seal.Cli.Scanning;

/// <summary>A scan's results as text for people, JSON for scripts, or SARIF 2.1.0 for code hosts.</summary>
internal static class ScanReport
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n" };

    public static byte[] Text(ScanResult result)
    {
        var text = new StringBuilder();
        foreach (var finding in result.Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{finding.Path}:{finding.Line}:{finding.Column}: {finding.Rule.Level}: {finding.Message} [{finding.Rule.Id}]");
            if (finding.Commit is { } commit) text.Append(CultureInfo.InvariantCulture, $" (since commit {commit})");
            text.Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] Json(ScanResult result) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("scanned", result.Scanned);
        json.WriteNumber("passedOver", result.PassedOver);
        json.WriteStartArray("findings");
        foreach (var finding in result.Findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", finding.Rule.Id);
            json.WriteString("level", finding.Rule.Level);
            json.WriteString("path", finding.Path);
            json.WriteNumber("line", finding.Line);
            json.WriteNumber("column", finding.Column);
            json.WriteString("message", finding.Message);
            if (finding.Commit is { } commit) json.WriteString("commit", commit);
            json.WriteString("remedy", finding.Rule.Remedy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static byte[] Sarif(ScanResult result) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "seal");
        json.WriteString("semanticVersion", ProgramVersion.Number[1..]);
        json.WriteStartArray("rules");
        foreach (var rule in ScanRule.All) WriteRule(json, rule);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartArray("results");
        foreach (var finding in result.Findings) WriteResult(json, finding);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteRule(Utf8JsonWriter json, ScanRule rule)
    {
        json.WriteStartObject();
        json.WriteString("id", rule.Id);
        WriteMessage(json, "shortDescription", rule.Summary);
        WriteMessage(json, "help", rule.Remedy);
        json.WriteStartObject("defaultConfiguration");
        json.WriteString("level", rule.Level);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule.Id);
        json.WriteNumber("ruleIndex", ScanRule.All.ToList().IndexOf(finding.Rule));
        json.WriteString("level", finding.Rule.Level);
        WriteMessage(json, "message", finding.Commit is { } commit ? $"{finding.Message} (since commit {commit})" : finding.Message);
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", string.Join('/', finding.Path.Split('/').Select(Uri.EscapeDataString)));
        if (!Path.IsPathRooted(finding.Path)) json.WriteString("uriBaseId", "%SRCROOT%");
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", finding.Line);
        json.WriteNumber("startColumn", finding.Column);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        // Names only, so that a finding stays the same one when lines move; nothing of a value is in it.
        json.WriteStartObject("partialFingerprints");
        json.WriteString("sealFinding/v1", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{finding.Rule.Id}\n{finding.Path}\n{finding.Message}")))[..32]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Layout)) content(json);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
