using VoxMake.Config.Reading;
using VoxMake.Config.Records;
using VoxMake.Yaml;

namespace VoxMake.Config.Tests.Reading;

public class SecretTests
{
    public sealed record Account
    {
        public Secret? Token { get; init; }
        public string Name { get; init; } = "me";
    }

    private static (Account Account, ErrorList Errors) Read(string yaml)
    {
        var errors = new ErrorList();
        var text = SourceText.OfOverride("token", yaml, 0);
        var map = (MapNode)text.Value(errors)!;
        return ((Account)new RecordReader(errors, isComplete: true, text.Start).Read(RecordShape.Of(typeof(Account)), map), errors);
    }

    [Fact]
    public void A_secret_is_named_and_read_only_when_it_is_used()
    {
        var (account, errors) = Read("{ token: '${env:VOXMAKE_TEST_TOKEN}' }");
        errors.ThrowIfAny();
        Assert.Equal("VOXMAKE_TEST_TOKEN", account.Token!.Variable);
        Assert.Equal("the environment variable VOXMAKE_TEST_TOKEN, which holds a secret of the configuration, is not set", Assert.Throws<InvalidOperationException>(account.Token.Reveal).Message);
        Environment.SetEnvironmentVariable("VOXMAKE_TEST_TOKEN", "s3cret");
        Assert.Equal("s3cret", account.Token.Reveal());
        Assert.Equal("Account { Token = ***, Name = me }", account.ToString());
        Environment.SetEnvironmentVariable("VOXMAKE_TEST_TOKEN", null);
    }

    [Theory]
    [InlineData("hf_abc")]
    [InlineData("12345678")]
    [InlineData("${env:1A}")]
    [InlineData("${env:}")]
    [InlineData("x${env:A}")]
    public void A_secret_in_the_file_is_an_error_that_does_not_repeat_it(string value)
    {
        var errors = Read($"{{ token: '{value}' }}").Errors;
        var error = Assert.Single(Assert.Throws<ConfigException>(errors.ThrowIfAny).Errors);
        Assert.Equal("a secret never stands in the file; write ${env:NAME} and set the environment variable NAME", error.Message);
        Assert.Null(error.SourceLine);
    }

    [Fact]
    public void Secrets_are_in_no_settings()
    {
        var settings = SettingsJson.Of(new Account { Token = new Secret("A") });
        Assert.Equal("""{"name":"me"}""", settings.All.ToJsonString());
        Assert.Equal("setting 'token' is a secret; secrets never enter settings", Assert.Throws<ArgumentException>(() => SettingsJson.Of(("token", new Secret("A")))).Message);
    }
}
