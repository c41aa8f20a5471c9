using System.Security.Cryptography;
using GitOpsSecrets.Api;
using GitOpsSecrets.Sops;
using GitOpsSecrets.Sops.Age;
using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Controller.Sops;

/// <summary>Private keys from one place, and what of that place was of no use.</summary>
/// <param name="Keyring"><c>null</c> when there is no key.</param>
/// <param name="Problems">Items that could not be taken and why, for whoever asks why nothing opens. Names, never contents.</param>
internal sealed record SopsKeys(SopsKeyring? Keyring, IReadOnlyList<string> Problems)
{
    public static SopsKeys None { get; } = new(null, []);

    /// <summary>
    /// The keys of a Secret, whatever its items are called: Flux takes <c>*.agekey</c> and <c>*.asc</c> alone and says nothing about the rest, which has
    /// cost people days. What is no key is told.
    /// </summary>
    /// <param name="secret">Its items are overwritten.</param>
    public static SopsKeys Of(Secret secret) => Of(secret.Data ?? [], $"Secret {secret.Metadata.Namespace}/{secret.Metadata.Name}");

    /// <param name="files">Contents by name; overwritten.</param>
    /// <param name="source">For messages.</param>
    public static SopsKeys Of(IReadOnlyDictionary<string, byte[]?> files, string source)
    {
        var builder = new SopsKeyringBuilder();
        var problems = new List<string>();
        var found = 0;
        foreach (var (name, content) in files)
        {
            try
            {
                builder.AddFile(content ?? []);
                found++;
            }
            catch (Exception failure) when (failure is AgeException or SopsException or FormatException)
            {
                problems.Add($"{source}, {name}: {(failure is FormatException ? "not a key" : failure.Message)}");
            }
            finally
            {
                CryptographicOperations.ZeroMemory(content);
            }
        }
        return new SopsKeys(found > 0 ? builder.Build() : null, problems);
    }

    public override string ToString() => nameof(SopsKeys);
}
