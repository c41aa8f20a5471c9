using System.Text.Json;

namespace GitOpsSecrets.Api;

/// <summary>
/// Reads what it can and drops the rest: one odd object must not stop a watch over all of them. The API server refuses
/// such values on its own, so they come only from files.
/// </summary>
public sealed class LenientStringMapConverter : StringMapConverter
{
    protected override SortedDictionary<string, string>? OnWrongShape(ref Utf8JsonReader reader)
    {
        reader.SkipValue();
        return null;
    }

    protected override void OnWrongValue(string key, ref Utf8JsonReader reader) => reader.SkipValue();
}
