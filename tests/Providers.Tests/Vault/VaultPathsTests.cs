using GitOpsSecrets.Providers.Vault;

namespace GitOpsSecrets.Providers.Tests.Vault;

public sealed class VaultPathsTests
{
    [Theory]
    [InlineData("secret", "v2", "app/db", "secret/data/app/db", "secret/metadata/app/db")]
    [InlineData("secret", null, "secret/app/db", "secret/data/app/db", "secret/metadata/app/db")]
    [InlineData("secret", "v2", "secret/data/app/db", "secret/data/app/db", "secret/metadata/app/db")]
    [InlineData("a/b", "v2", "app", "a/b/data/app", "a/b/metadata/app")]
    [InlineData(null, "v2", "secret/app/db", "secret/data/app/db", "secret/metadata/app/db")]
    [InlineData(null, "v2", "a/b/data/app", "a/b/data/app", "a/b/metadata/app")]
    [InlineData("secret", "v2", "with space/ü", "secret/data/with%20space/%C3%BC", "secret/metadata/with%20space/%C3%BC")]
    [InlineData("secret", "v2", "question?version=1", "secret/data/question%3Fversion%3D1", "secret/metadata/question%3Fversion%3D1")]
    public void A_key_lies_where_the_original_looks_for_it(string? mount, string? version, string key, string value, string about)
    {
        var paths = VaultPaths.Of(mount, version);
        Assert.Equal((value, about), (paths.Value(key), paths.About(key)));
    }

    [Theory]
    [InlineData("kv1", "app/db", "kv1/app/db")]
    [InlineData(null, "kv1/app/db", "kv1/app/db")]
    public void Version_1_has_no_data_in_its_paths(string? mount, string key, string value) => Assert.Equal(value, VaultPaths.Of(mount, "v1").Value(key));

    [Theory]
    [InlineData("../sys/seal")]
    [InlineData("app/../../auth/token/create")]
    [InlineData("./app")]
    public void A_key_that_would_climb_out_of_the_mount_is_refused(string key)
    {
        var failure = Assert.Throws<ProviderException>(() => VaultPaths.Of("secret", "v2").Value(key));
        Assert.Equal(ProviderFailureKind.Invalid, failure.Kind);
    }

    [Theory]
    [InlineData("v2", "", "secret/metadata/")]
    [InlineData("v2", "app/", "secret/metadata/app/")]
    [InlineData("v1", "app", "secret/app/")]
    public void Folders_are_listed_where_names_are_kept(string version, string folder, string path) => Assert.Equal(path, VaultPaths.Of("secret", version).Folder(folder));
}
