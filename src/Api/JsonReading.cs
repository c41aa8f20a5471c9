using System.Text.Json;

namespace GitOpsSecrets.Api;

/// <summary>What converters need of a reader.</summary>
public static class JsonReading
{
    /// <summary>
    /// Passes over the value at which the reader stands. A converter has all of its value in the reader, but where that is a part of a stream <see cref="Utf8JsonReader.Skip"/> throws all the same.
    /// </summary>
    /// <param name="reader">At a value, or at the name of a property.</param>
    /// <exception cref="JsonException">The value does not end.</exception>
    public static void SkipValue(this ref Utf8JsonReader reader)
    {
        if (!reader.TrySkip()) throw new JsonException();
    }
}
