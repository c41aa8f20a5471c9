using GitOpsSecrets.Providers.Vault;

namespace GitOpsSecrets.Providers.Tests.Vault;

public sealed class VaultPathsTests
{
    [Theory]
    [InlineData("secret", "v2", "app/db", "secret/data/app/db", "secret/metadata/app/db")]
    [InlineData("secret", null, "secret/app/db", "secret/data/app/db", "secret/metadata/app/db")]
    [InlineData("secret", "v2", "secret/data/app/db", "secret/data/app/db", "secret/metadata/app/db")]
    [InlineData("secret", "v2", "data/app/db", "secret/data/data/app/db", "secret/metadata/data/app/db")]
    [InlineData("secret", "v2", "secret/data/data/app", "secret/data/data/app", "secret/metadata/data/app")]
    [InlineData("secret", "v2", "secret/secret/app", "secret/data/secret/app", "secret/metadata/secret/app")]
    [InlineData("secret", "v2", "secrets/data/app", "secret/data/secrets/data/app", "secret/metadata/secrets/data/app")]
    [InlineData("a/b", "v2", "app", "a/b/data/app", "a/b/metadata/app")]
    [InlineData("a/b", "v2", "a/b/app", "a/b/data/app", "a/b/metadata/app")]
    [InlineData("a/b", "v2", "a/b/data/app", "a/b/data/app", "a/b/metadata/app")]
    [InlineData("a/b", "v2", "a/data/app", "a/b/data/a/data/app", "a/b/metadata/a/data/app")]
    [InlineData(null, "v2", "secret/app/db", "secret/data/app/db", "secret/metadata/app/db")]
    [InlineData(null, "v2", "a/b/data/app", "a/b/data/app", "a/b/metadata/app")]
    [InlineData(null, "v2", "a/data/not/the/first/data/twice", "a/data/not/the/first/data/twice", "a/metadata/not/the/first/data/twice")]
    [InlineData("secret", "v2", "with space/ü", "secret/data/with%20space/%C3%BC", "secret/metadata/with%20space/%C3%BC")]
    [InlineData("secret", "v2", "question?version=1", "secret/data/question%3Fversion%3D1", "secret/metadata/question%3Fversion%3D1")]
    public void A_key_lies_where_the_original_looks_for_it(string? mount, string? version, string key, string value, string about)
    {
        var paths = VaultPaths.Of(mount, version);
        Assert.Equal((value, about), (paths.Value(key), paths.About(key)));
    }

    [Theory]
    [InlineData("kv1", "app/db", "kv1/app/db")]
    [InlineData("kv1", "kv1/app/db", "kv1/app/db")]
    [InlineData("kv1", "kv1/data/app", "kv1/data/app")]
    [InlineData("kv1", "kv1/kv1/app", "kv1/kv1/app")]
    [InlineData("a/b", "a/b/app", "a/b/app")]
    [InlineData(null, "kv1/app/db", "kv1/app/db")]
    public void Version_1_has_no_data_in_its_paths(string? mount, string key, string value) => Assert.Equal(value, VaultPaths.Of(mount, "v1").Value(key));

    [Theory]
    [InlineData("v2", "app", "secret/data/app")]
    [InlineData("v2", "data/app", "secret/data/data/app")]
    [InlineData("v2", "secret/app", "secret/data/secret/app")]
    [InlineData("v2", "secret/data/app", "secret/data/secret/data/app")]
    [InlineData("v1", "secret/app", "secret/secret/app")]
    public void What_a_search_found_is_read_where_it_lies(string version, string found, string value)
    {
        var paths = VaultPaths.Of("secret", version);
        Assert.Equal(value, paths.Value(paths.KeyOf(found)));
    }

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
