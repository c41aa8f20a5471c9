using System.Security.Cryptography;
using System.Text;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>A request's body that is one file of a form (RFC 7578).</summary>
/// <param name="Field">The form's.</param>
/// <param name="Name">The file's.</param>
/// <param name="Value">What is in it.</param>
internal sealed record FileBody(string Field, string Name, TextPattern Value)
{
    public static FileBody? Read(DefinitionFields step)
    {
        if (step.Object("file") is not { } fields) return null;
        var body = new FileBody(fields.Need("field"), fields.Need("name"), fields.Parse("value", fields.Need("value"), TextPattern.Parse));
        fields.Done();
        return body;
    }

    /// <param name="to">Gets the body.</param>
    /// <returns>Its content type.</returns>
    public string Write(Variables variables, SecretBuffer to)
    {
        using var content = new SecretBuffer();
        Value.Write(variables, content);
        // Made of the content, so that it cannot stand in it.
        var boundary = "file-" + Convert.ToHexStringLower(SHA256.HashData(content.Written))[..32];
        to.Append(Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"{Field}\"; filename=\"{Name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
        to.Append(content.Written);
        to.Append(Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n"));
        return "multipart/form-data; boundary=" + boundary;
    }
}
